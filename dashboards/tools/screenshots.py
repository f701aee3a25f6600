"""Pictures of every room, to look at before others do: ``python -m dashboards.tools.screenshots --out DIR``.

A dashboard of its own is started on a free port of this machine, a Chromium without a window visits every room in
the states worth seeing, and each becomes a PNG. Needs Chromium and the project's extra ``test``.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dashboards.addresses.address import PageState
from dashboards.addresses.pages import address
from dashboards.tools.dashboard_process import Dashboard
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from playwright.sync_api import Browser, Page

__all__ = ["QUIET", "VISITS", "Visit", "main", "photograph"]

WIDTHS = (1440, 390)
SCHEMES: Mapping[str, tuple[Literal["light", "dark"], ...]] = MappingProxyType(
    {"light": ("light",), "dark": ("dark",), "both": ("light", "dark")}
)
NARROWEST, WIDEST = 320, 3840
SCREEN = 900
"""Height of a screen in CSS pixels."""

TALLEST = 12_000
"""Pixels of a page that a picture has; some tables are longer than a picture can be."""

PATIENCE = 120.0
"""Seconds that a server or a page may take."""

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
)
"""Options of a Chromium that asks nobody for anything."""

READY = """() => {
  dispatchEvent(new Event("beforeprint"));
  const all = (what) => [...document.querySelectorAll(what)];
  return all("main h1").length === 1
    && all(".empty[role=status], [aria-busy=true], .working").length === 0
    && all("progress").every((one) => one.value >= one.max)
    && all("figure.chart").every((one) => one.dataset.drawn);
}"""
"""Whether a page has nothing more to compute or to draw; charts below the screen are drawn for printing."""


PROJECTOR = 'localStorage.setItem("alliance:projector", "on")'
"""Turns the projector on before a page looks whether it is."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A state of a room worth seeing.

    Attributes
    ----------
    name
        What its picture is called.
    page
        Its address.
    charts
        How many charts there are at least when it is ready.
    runs
        Whether something is run by itself; False for a page that waits to be asked.
    press
        Names of buttons to press once it is there.
    """

    name: str
    page: PageState
    charts: int = 0
    runs: bool = True
    press: tuple[str, ...] = field(default=())

    @property
    def path(self) -> str:
        """Path and query of its address."""
        return address(self.page)


def _at(room: str, **view: object) -> PageState:
    return PageState(room=room, view=view)


def _lesson(key: str, answer: str = "") -> PageState:
    return _at("lessons", lesson=key, answer=answer)


PLAYED = {"stances": "lcahbl", "at": 4}

VISITS: tuple[Visit, ...] = (
    Visit("home", _at("home")),
    Visit("story", _at("story")),
    Visit("session-before", _at("session")),
    Visit("session-played", _at("session", **PLAYED, counterfactual=3), charts=3),
    Visit(
        "session-readme",
        PageState("session", seed=5, view={"client": "wary", "stances": "lhcalbal", "at": 8}),
        charts=3,
    ),
    Visit("session-reported", _at("session", **PLAYED, show="reported"), charts=2),
    Visit("clinic", _at("clinic", week=12), charts=8),
    Visit("clinic-felt", _at("clinic", week=12, measure="latent", colour="alliance"), charts=8),
    Visit("clinic-shared", _at("clinic", week=12), charts=8, press=("Share what you see",)),
    Visit("compare", _at("compare"), charts=4),
    Visit("sweep-before", _at("sweep"), runs=False),
    Visit("sweep-line", _at("sweep", go=1, point=4), charts=1),
    Visit("sweep-map", _at("sweep", y="boundary", go=1, point=40), charts=1),
    Visit("trial", _at("trial", go=1), charts=2),
    Visit(
        "trial-empathy",
        _at("trial", differ="empathy", seen="crossed", over="therapists", go=1),
        charts=2,
    ),
    Visit("lessons", _at("lessons")),
    Visit("lesson-begun", _lesson("rupture_and_repair")),
    Visit("lesson-number", _lesson("rupture_and_repair", "10"), charts=2),
    Visit("lesson-direction", _lesson("empathy_without_boundaries", "more"), charts=2),
    Visit("lesson-choice", _lesson("correlation_is_not_cause", "two"), charts=1),
    Visit("lesson-curves", _lesson("who_is_still_there", "more"), charts=1),
    Visit("lesson-study", _lesson("tired_team", "helps_less"), charts=2),
    Visit("lesson-therapists", _lesson("therapist_effects", "20"), charts=2),
    Visit("lesson-two", _lesson("two_therapists", "20"), charts=2),
    Visit("lesson-wall", _at("lessons", lesson="rupture_and_repair", wall="open")),
    Visit("chance", _at("chance")),
    Visit("records", _at("records")),
    Visit("evidence-reproduced", _at("evidence"), charts=2),
    Visit("evidence-parameters", _at("evidence", part="parameters")),
    Visit("evidence-equations", _at("evidence", part="equations")),
    Visit("evidence-limits", _at("evidence", part="limits")),
    Visit("evidence-about", _at("evidence", part="about")),
    Visit("bad-link", PageState(room="clinic", changes={"empaty": 0.7}), charts=8),
)
"""Every room in the states worth seeing."""


@contextmanager
def _chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise AllianceError(
            "Pictures are taken with Chromium, which is not in the PATH: install your system's package chromium."
        )
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise AllianceError(
            "Pictures are taken with playwright, which is not installed: pip install 'alliance-dynamics[test]'."
        ) from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def photograph(
    out: Path,
    visits: Iterable[Visit] = VISITS,
    widths: Iterable[int] = WIDTHS,
    schemes: Iterable[Literal["light", "dark"]] = ("light",),
    *,
    screen: bool = False,
    projector: bool = False,
    tell: Callable[[str], object] = typer.echo,
) -> list[Path]:
    """Take a picture of every visit at every width and in every scheme.

    Parameters
    ----------
    out
        Folder for the pictures; made if it is not there.
    visits
        What to see.
    widths
        Widths of the screen in CSS pixels.
    schemes
        ``light``, ``dark`` or both.
    screen
        Whether to show only what is on a screen 900 pixels high instead of the whole page.
    projector
        Whether letters are as large as for a projector.
    tell
        Gets a line for every picture.

    Returns
    -------
    list of Path
        The pictures, ``clinic-1440-light.png`` and so on; ``clinic-1440-light-projector.png`` for a projector.

    Raises
    ------
    AllianceError
        When Chromium or playwright is missing, the server does not start, or a page is not ready in time.
    """
    taken: list[Path] = []
    visits = tuple(visits)
    with _chromium() as browser, Dashboard() as dashboard:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AllianceError(f"The folder {out} cannot be made: {error.strerror}.") from None
        for scheme in schemes:
            for width in widths:
                context = browser.new_context(
                    viewport={"width": width, "height": SCREEN}, color_scheme=scheme
                )
                context.request.get(dashboard.entrance)
                if projector:
                    context.add_init_script(PROJECTOR)
                for visit in visits:
                    page = context.new_page()
                    _wait(page, dashboard.address, visit)
                    picture = out / f"{visit.name}-{width}-{scheme}{'-projector' * projector}.png"
                    _take(page, picture, screen=screen)
                    page.close()
                    taken.append(picture)
                    tell(str(picture))
                context.close()
    return taken


def _wait(page: Page, address: str, visit: Visit) -> None:
    from playwright.sync_api import Error, TimeoutError  # noqa: A004 - playwright's own

    patience = PATIENCE * 1000
    ready = READY if visit.runs else '() => document.querySelector("main h1") !== null'
    try:
        page.goto(address + visit.path)
        page.wait_for_function(
            f"document.querySelectorAll('main figure.chart').length >= {visit.charts}",
            timeout=patience,
        )
        page.wait_for_function(ready, timeout=patience)
        for name in visit.press:
            page.get_by_role("button", name=name).click()
        # What comes with the last answer of the server, such as the address of a link, has then arrived.
        page.wait_for_timeout(700)
        page.wait_for_function(ready, timeout=patience)
    except TimeoutError:
        raise AllianceError(
            f"{visit.name} was not ready within {PATIENCE:.0f} seconds: open {visit.path} in a browser to see why."
        ) from None
    except Error as error:
        raise AllianceError(f"{visit.name} could not be visited: {error.message}.") from None


def _take(page: Page, picture: Path, *, screen: bool) -> None:
    if screen:
        page.screenshot(path=picture)
        return
    size = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollHeight]"
    )
    width, height = int(size[0]), min(int(size[1]), TALLEST)
    page.screenshot(
        path=picture, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
    )


def main(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the pictures.")] = Path(
        "screenshots"
    ),
    width: Annotated[
        list[int] | None,
        typer.Option(metavar="PIXELS", help="Width of the screen; may be repeated."),
    ] = None,
    scheme: Annotated[
        Literal["light", "dark", "both"], typer.Option(help="Light pages, dark pages, or both.")
    ] = "light",
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A picture to take, such as clinic; may be repeated."),
    ] = None,
    screen: Annotated[
        bool, typer.Option("--screen", help="Only the first screen of every page.")
    ] = False,
    projector: Annotated[
        bool, typer.Option("--projector", help="Letters as large as for a projector.")
    ] = False,
) -> None:
    """Take a picture of every room of the dashboard, in the states worth seeing."""
    try:
        photograph(
            out, _named(only), _widths(width), SCHEMES[scheme], screen=screen, projector=projector
        )
    except AllianceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _named(names: list[str] | None) -> tuple[Visit, ...]:
    known = {visit.name: visit for visit in VISITS}
    for name in names or ():
        if name not in known:
            raise unknown_name(name, "a picture", known, see=f"There are: {', '.join(known)}.")
    return tuple(known[name] for name in names) if names else VISITS


def _widths(widths: list[int] | None) -> tuple[int, ...]:
    for width in widths or ():
        if not NARROWEST <= width <= WIDEST:
            raise AllianceError(
                f"A screen {width} pixels wide is not looked at: give {NARROWEST} to {WIDEST}."
            )
    return tuple(widths) if widths else WIDTHS


if __name__ == "__main__":
    typer.run(main)
