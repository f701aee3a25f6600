"""Looking back in the session room: where it stands, other choices, what choices add up to, the run as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.computing.background import use_refinement
from dashboards.rooms.tables import table
from dashboards.shell import state
from dashboards.therapies.constant_stance import DRAWS, averages, finding, under_same_draws
from dashboards.therapies.export import to_csv
from dashboards.therapies.play_file import write_play
from dashboards.therapies.summary import stands, summary
from dashboards.therapies.wording import NOW, share
from dashboards.widgets.buttons import Button, Toggle
from dashboards.widgets.component import component
from dashboards.widgets.download import Download
from dashboards.widgets.html import Headlines, Tag, markup
from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from dashboards.therapies.constant_stance import Average
    from dashboards.therapies.therapy import Therapy
    from dashboards.therapies.therapy_state import TherapyState

__all__ = ["LookingBack"]


@component
def LookingBack(now: TherapyState, therapy: Therapy, at: int, others: dict[str, Therapy]) -> Any:
    """Sum up, show what other choices would have done, and offer the run as a file."""
    shown = therapy.until(at)
    options = [("0", "None"), *((str(k), str(k)) for k in range(1, at + 1))]
    run = now.as_play()
    return Tag(
        "section",
        Tag("h2", "Looking back"),
        _headlines(shown),
        Tag("p", summary(shown, others, now.counterfactual), class_="after"),
        Tag("h3", "Other choices"),
        Tag(
            "p",
            "Choose a session: the other choices in it are drawn as grey dashed lines, under the same luck. "
            "Both people are invented: what helps them is no advice for a real therapy.",
            class_="soft",
        ),
        Toggle(
            "Session of the other choices",
            options,
            str(now.counterfactual),
            lambda one: state.see(counterfactual=int(one)),
        ),
        ConstantStance(now, write_play(run)).key("constant stance") if shown.ending else Tag("div"),
        Tag(
            "div",
            Download(
                "Download this run", "therapy.toml", lambda: write_play(run), "application/toml"
            ),
            Download(
                "Download its numbers (CSV)", "therapy.csv", lambda: to_csv(shown), "text/csv"
            ),
            Tag("span", "Play it again with: alliance play therapy.toml", class_="soft"),
            class_="flow no-print",
        ),
        class_="card",
    )


def _headlines(shown: Therapy) -> Any:
    last = shown.records[-1].reports
    before = f"{fixed(shown.core_10_intake, 0)} before therapy"
    return Headlines(
        (
            ("Sessions", str(len(shown)), "held in all" if shown.ending else "so far"),
            ("Alliance (WAI-SR)", fixed(last.wai_sr_client, 0), "client’s rating, 12 to 60"),
            ("Distress (CORE-10)", fixed(last.core_10, 0), before),
            stands(shown),
        )
    )


@component
def ConstantStance(now: TherapyState, file: str) -> Any:
    """Show the therapy beside the same two people with one stance in every session, here and over many draws.

    The therapy as a file, `file`, is all it depends on. Other draws are those of the therapy they were requested for.
    """
    requested_for, request = solara.use_state("")
    requested = requested_for == file
    once = solara.use_memo(lambda: under_same_draws(now.setup, now.stances), [file])
    watch = use_refinement(
        (lambda: averages(now.setup, now.stances)) if requested else None,
        ("constant stance", file),
    )
    return Tag(
        "div",
        Tag("h3", "What the choices add up to"),
        Tag(
            "p",
            "In one session a stance changes little: no more than a therapist differs from a colleague. Kept up, "
            "it may add up, or not. One therapy is one draw of luck; many draws tell a way from its luck.",
            class_="soft",
        ),
        markup(_same_draws_table(once)),
        _averages(watch.value) if watch.value else Tag("div"),
        Tag(
            "div",
            Button(
                f"Repeat under {DRAWS} other draws of luck",
                lambda: request(file),
                disabled=requested,
            ),
            Tag(
                "span",
                "These draws are being played." if watch.busy else "",
                class_="soft",
                role="status",
            ),
            class_="flow no-print",
        ),
        class_="constant-stance",
    )


def _same_draws_table(once: tuple[tuple[str, Therapy], ...]) -> str:
    """Return the ways under the draws of the therapy that was played."""
    rows = [
        (
            way,
            str(len(one)),
            NOW.get(one.ending or "", "Still going on"),
            share(one.state.alliance),
            share(one.state.trust),
            share(one.state.distress),
        )
        for way, one in once
    ]
    caption = "The same luck to the end: as you played it, and with one way kept up throughout"
    head = ("Held", "Sessions", "Ended", "Alliance", "Trust", "Distress")
    return table(caption, head, rows, words=(2,))


def _averages(of: tuple[Average, ...]) -> Any:
    """Show what every way comes to on average."""
    rows = [
        (
            one.way,
            fixed(one.sessions, 1),
            fixed(100.0 * one.dropped_out, 0),
            share(one.alliance),
            share(one.trust),
            share(one.distress),
        )
        for one in of
    ]
    head = ("Held", "Sessions", "Dropped out, of 100", "Alliance", "Trust", "Distress")
    caption = f"{of[0].draws} other draws of luck: means at the end"
    return Tag(
        "div",
        markup(table(caption, head, rows)),
        Tag("p", finding(of), class_="after", role="status"),
    )
