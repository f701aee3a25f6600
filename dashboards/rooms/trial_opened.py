"""One simulated trial of the trial room, opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards.addresses.pages import shown
from dashboards.computing.background import use_work
from dashboards.rooms.tables import table
from dashboards.shell import state
from dashboards.trials.inputs import FIELDS
from dashboards.trials.opened import ARMS, open_trial
from dashboards.trials.picture import ARM_WORDS, said_of, trial_picture
from dashboards.trials.verdict import p_words, verdict
from dashboards.widgets.buttons import Button, Toggle
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup
from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.trials.opened import OpenedTrial, TherapistMean
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Opened"]

ANALYSES = ("Mixed model with therapists (Kenward-Roger)", "ANCOVA, which ignores therapists")
PATIENCE = 0.25


@component
def Opened(page: PageState, design: TrialDesign) -> Any:
    """Show one trial: its clients, its therapists, and what each analysis concludes."""
    number, without = shown(page, "opened"), bool(shown(page, "without"))
    work = use_work(
        lambda: open_trial(design, number, null=without),
        design.fingerprint,
        number,
        without,
        patience=PATIENCE,
    )
    if work.problem:
        body = [Tag("p", work.problem, class_="notice", role="alert")]
    elif work.value is None:
        said = (
            "A trial is being simulated. The first ever on this computer takes some seconds longer, while its "
            "analyses are compiled."
        )
        body = [Tag("p", said, class_="empty", role="status")]
    else:
        body = _shown(work.value)
    last = FIELDS["opened"].read("999999999")
    return Tag(
        "section",
        Tag("h2", "One trial opened"),
        Tag(
            "div",
            Toggle(
                "Which trial",
                (("0", "With the effect"), ("1", "Both arms treated alike")),
                "1" if without else "0",
                lambda one: state.see(without=int(one)),
            ),
            Button("Trial before", lambda: state.see(opened=number - 1), disabled=number <= 1).key(
                "before"
            ),
            Button("Next trial", lambda: state.see(opened=number + 1), disabled=number >= last).key(
                "next"
            ),
            class_="flow no-print",
        ),
        *body,
        class_="card stack",
    )


def _who(one: TherapistMean, *, several: bool) -> str:
    return f"Therapist {one.therapist + 1}{f', clinic {one.clinic + 1}' if several else ''}"


def _shown(opened: OpenedTrial) -> list[Any]:
    several = len(set(opened.clinic.tolist())) > 1
    means = [
        (_who(one, several=several), ARM_WORDS[ARMS[one.arm]], str(one.clients), fixed(one.mean, 1))
        for one in opened.means
    ]  # fmt: skip
    said = [
        (
            name,
            fixed(one.estimate, 2),
            f"{fixed(one.low, 2)} to {fixed(one.high, 2)}",
            fixed(one.df, 1),
            p_words(one.p).removeprefix("p = ").removeprefix("p "),
        )
        for name, one in zip(ANALYSES, opened.conclusions, strict=True)
        if not one.failed
    ]
    return [
        Tag("p", Tag("strong", verdict(opened)), role="status"),
        markup(trial_picture(opened), class_="trial-picture"),
        Tag("p", f"{said_of(opened)} Bars are means of therapists.", class_="soft"),
        markup(
            table(
                "Treated less usual, in points of the CORE-10; less is better",
                ("Analysis", "Estimate", "95 % interval", "Degrees of freedom", "p"),
                said,
                stacks=True,
            )
        ),
        markup(
            "<details><summary>Means of therapists as a table</summary>"
            + table(
                "Clients whose score is there, and their mean", ("Therapist", "Arm", "Clients", "Mean"), means
            )
            + "</details>"
        ),
    ]  # fmt: skip
