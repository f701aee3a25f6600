"""Pictures of every room, to look at before others do: ``python -m dashboards.tools.screenshots --out DIR``.

A dashboard of its own is started on a free port of this machine, a Chromium without a window visits every room in
the states worth seeing, and each becomes a PNG. Needs Chromium and the project's extra ``test``.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dashboards.tools.dashboard_process import Dashboard
from dashboards.tools.visits import VISITS, Visit
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from playwright.sync_api import Browser, Page

__all__ = ["QUIET", "main", "photograph"]

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
