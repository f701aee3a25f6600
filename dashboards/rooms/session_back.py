"""Looking back in the session room: where it stands, other choices, what choices add up to, the run to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.computing.background import use_sharpening
from dashboards.rooms.tables import table
from dashboards.shell import state
from dashboards.therapies import constant_stance as throughout
from dashboards.therapies.export import to_csv, write_play
from dashboards.therapies.story import stands, summary
from dashboards.therapies.wording import NOW, share
from dashboards.widgets.buttons import Button, Toggle
from dashboards.widgets.component import component
from dashboards.widgets.download import Keep
from dashboards.widgets.html import Headlines, Tag, markup
from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from dashboards.therapies.therapy import Therapy
    from dashboards.therapies.therapy_state import Sitting

__all__ = ["Afterwards"]


@component
def Afterwards(now: Sitting, therapy: Therapy, at: int, others: dict[str, Therapy]) -> Any:
    """Sum up, show what other choices would have done, and keep the run."""
    held = therapy.until(at)
    last = held.records[-1]
    headlines = Headlines(
        (
            ("Sessions", str(at), "held in all" if held.ending else "so far"),
            (
                "Alliance (WAI-SR)",
                fixed(last.reports.wai_sr_client, 0),
                "client’s rating, 12 to 60",
            ),
            (
                "Distress (CORE-10)",
                fixed(last.reports.core_10, 0),
                f"{fixed(therapy.core_10_intake, 0)} before therapy",
            ),
            stands(held),
        )
    )
    options = [("0", "None"), *((str(k), str(k)) for k in range(1, at + 1))]
    return Tag(
        "section",
        Tag("h2", "Looking back"),
        headlines,
        Tag("p", summary(held, others, now.otherwise), class_="after"),
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
            str(now.otherwise),
            lambda one: state.see(otherwise=int(one)),
        ),
        Throughout(now, write_play(now.kept())).key("throughout") if held.ending else Tag("div"),
        Tag(
            "div",
            Keep(
                "Keep this run", "therapy.toml", lambda: write_play(now.kept()), "application/toml"
            ),
            Keep("Keep its numbers (CSV)", "therapy.csv", lambda: to_csv(held), "text/csv"),
            Tag("span", "Play it again with: alliance play therapy.toml", class_="soft"),
            class_="flow no-print",
        ),
        class_="card",
    )


@component
def Throughout(now: Sitting, therapy: str) -> Any:
    """Lay the therapy beside the same two people held one way throughout, under this luck and many others.

    `therapy` is all it depends on, as a file. Other draws are those of the therapy for which they were asked.
    """
    asked_of, ask = solara.use_state("")
    asked = asked_of == therapy
    once = solara.use_memo(lambda: throughout.this_luck(now.setup, now.stances), [therapy])
    watch = use_sharpening(
        (lambda: throughout.averages(now.setup, now.stances)) if asked else None,
        ("throughout", therapy),
    )
    this = table(
        "The same luck to the end: as you played it, and with one way kept up throughout",
        ("Held", "Sessions", "Ended", "Alliance", "Trust", "Distress"),
        [
            (
                name,
                str(len(one)),
                NOW.get(one.ending or "", "Still going on"),
                share(one.state.alliance),
                share(one.state.trust),
                share(one.state.distress),
            )
            for name, one in once
        ],
        words=(2,),
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
        markup(this),
        Over(watch.value) if watch.value else Tag("div"),
        Tag(
            "div",
            Button(
                f"Repeat under {throughout.DRAWS} other draws of luck",
                lambda: ask(therapy),
                disabled=asked,
            ),
            Tag(
                "span",
                "These draws are being played." if watch.busy else "",
                class_="soft",
                role="status",
            ),
            class_="flow no-print",
        ),
        class_="throughout",
    )


def Over(of: tuple[throughout.Average, ...]) -> Any:
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
        Tag("p", throughout.finding(of), class_="after", role="status"),
    )
