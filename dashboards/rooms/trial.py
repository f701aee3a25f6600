"""The trial room: the power of a simulated trial, what ignoring therapists concludes, and one trial opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.pages import Page, shown
from dashboards.computing.background import attempted, use_refinement
from dashboards.rooms.going import Going
from dashboards.rooms.trial_inputs import Inputs, inputs_of
from dashboards.rooms.trial_opened import Opened
from dashboards.shell.setting import Setting, ToSetting
from dashboards.trials.figures import found_without_effect, power_by_size, uncertainties
from dashboards.trials.inputs import FIELDS, planned, set_by_trial
from dashboards.trials.refinement import MIXED, TRIALS, refine
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.download import Download
from dashboards.widgets.html import Tag

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.trials.inputs import PlannedTrial
    from dashboards.trials.refinement import TrialProgress

__all__ = ["PAGE", "Room"]

STORY = (
    "Clients are allotted to two arms, and seen by therapists, some of whom are better than others. After twelve "
    "weeks everybody fills in the CORE-10. How often would the trial find the effect, and what would it find if "
    "nobody thought of the therapists?"
)
POWER_FOLLOWS, ONCE_FOUND = (
    "Power follows",
    " once it is known how strong a treatment has the effect you set",
)
NO_EVIDENCE = "A simulation, not evidence that a policy works."


@component
def Room(page: PageState) -> Any:
    key = (page.preset, tuple(page.changes.items()), page.seed, *inputs_of(page))
    plan, problem = solara.use_memo(lambda: attempted(lambda: planned(page)), [*key])
    going = bool(shown(page, "go")) and plan is not None
    begin = (lambda: refine(plan)) if going and plan is not None else None
    watch = use_refinement(begin, ("trial", *key))
    problem = problem or watch.problem
    notes = [set_by_trial(page)] if set_by_trial(page) else []
    body: list[Any] = []
    if problem:
        body.append(Tag("p", problem, class_="notice", role="alert"))
    elif watch.value is not None:
        body.append(Curves(watch.value))
        body.append(Tag("p", " ".join(uncertainties(watch.value.plan.design)), class_="soft"))
    elif going:
        said = (
            "The first trials are about to appear. The first ever on this computer take some seconds longer, "
            "while their analyses are compiled."
        )
        body.append(Tag("p", said, class_="empty", role="status"))
    if plan is not None and not problem:
        body.append(Opened(page, plan.design))
        body.append(Files(plan))
    return Tag(
        "div",
        Setting(page, ("empathy_spread", "session_limit"), Inputs(page)),
        Tag(
            "div",
            Tag("p", STORY),
            ToSetting("Change this trial"),
            Tag("p", Tag("strong", NO_EVIDENCE)),
            *(Tag("p", said, class_="soft") for said in notes),
            Going(
                "Run the trials",
                "trials",
                2 * TRIALS * len(plan.sizes) if plan is not None else 0,
                watch.value.done if watch.value is not None else 0,
                going and watch.busy and not problem,
                going,
            ),
            *body,
            class_="stack",
        ),
        class_="room",
    )


@component
def Curves(progress: TrialProgress) -> Any:
    """Show power, if any is known yet, and what is found where there is no effect."""
    power, none = solara.use_memo(
        lambda: (
            power_by_size(progress) if progress.effect[MIXED] else None,
            found_without_effect(progress),
        ),
        [progress],
    )
    found = any(arm.effect is not None for arm in progress.plan.design.arms.values())
    first = (
        Tag("p", f"{POWER_FOLLOWS}{ONCE_FOUND if found else ''}.", class_="empty", role="status")
        if power is None
        else Chart(power, height=340)
    )
    return Tag("div", first.key("power"), Chart(none, height=300).key("none"), class_="stack")


@component
def Files(plan: PlannedTrial) -> Any:
    """Offer the trial as a file."""
    return Tag(
        "section",
        Tag("h2", "Download"),
        Download("Trial file", "trial.toml", plan.design.to_toml, "application/toml"),
        Tag(
            "p",
            "It runs with: alliance trial trial.toml --out results --null, and alliance power trial.toml --find "
            f"{plan.over} --out size finds the size that is needed.",
            class_="soft",
        ),
        class_="card no-print",
    )


PAGE = Page(
    "trial",
    "Trial",
    "A trial run hundreds of times: its power, and what ignoring therapists would have concluded.",
    Room,
    position=5,
    fields=FIELDS,
)
