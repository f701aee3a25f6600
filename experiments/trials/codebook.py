"""What the columns of a trial's data mean: for people, for SPSS, for R."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.trials.clinic_sentences import clinics_sentence
from experiments.trials.clinics import do_clinics_differ
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from experiments.trials.trial_design import TrialDesign

__all__ = ["codebook", "r_script", "variables"]


def variables(design: TrialDesign) -> dict[str, str]:
    """Return the columns of both forms of the data, and what each means."""
    outcome = design.outcome
    name = INSTRUMENTS[outcome.instrument].name
    return {
        "client": "Client, numbered within the trial",
        "therapist": "Therapist, numbered within the trial; missing where the arm has none",
        "clinic": "Clinic, numbered within the trial",
        "arm": "Arm",
        outcome.covariate: f"{name} at intake",
        **{
            f"{outcome.instrument}_w{week}": f"{name}, week {week} since intake"
            + (" (primary)" if week == outcome.primary else "")
            for week in outcome.after_intake
        },
        "week": "Weeks since intake",
        outcome.instrument: name,
        "sessions": f"Sessions held by week {outcome.after_intake[-1]}",
        "dropped_out": "Dropped out after the last of them",
    }


def codebook(design: TrialDesign, trial: int, *, null: bool = False) -> str:
    """Return what stands beside the data: the design in words, the columns, what is missing."""
    outcome, own = design.outcome, design.design
    one = INSTRUMENTS[outcome.instrument]
    arms = [f"- {number} `{arm}`" for number, arm in enumerate(design.arms)]
    columns = [f"| `{name}` | {meaning} |" for name, meaning in variables(design).items()]
    return "\n".join(
        [
            f"# {design.name}, simulated trial {trial}",
            "",
            "Simulated, not real people: nothing here is evidence that anything works.",
            *_without_effect(design, null),
            "",
            f"{own.clients} clients of {own.therapists} therapists in {own.clinics} "
            f"{'clinic' if own.clinics == 1 else 'clinics'}; randomised: {own.randomise}; therapists "
            f"{own.therapists_in_arms} in arms. Seed {design.seed}.{_clinics(design)}",
            "",
            "Arms, the others being compared with the first:",
            "",
            *arms,
            "",
            f"Outcome: {one.name}, from {one.low:g} to {one.high:g}; primary in week {outcome.primary}. Estimand: "
            f"after dropout {design.estimand.dropout.replace('_', ' ')}, after a planned ending "
            f"{design.estimand.planned_ending.replace('_', ' ')}.",
            "",
            "`data` has a row for each client, `data_long` one for each client and week after intake. A score that "
            "is missing is empty in CSV, system-missing in SPSS, `NA` in R. What a researcher would not know is in "
            "`truth.csv` alone"
            + (
                ", what clinics differ in in `truth_clinics.csv`."
                if do_clinics_differ(design)
                else "."
            ),
            "",
            "| Column | Meaning |",
            "| --- | --- |",
            *columns,
            "",
        ]
    )


def _clinics(design: TrialDesign) -> str:
    said = clinics_sentence(design)
    if design.ensemble:
        said = f"One of the parameter sets that the findings leave. {said}".strip()
    return f" {said}" if said else ""


def _without_effect(design: TrialDesign, null: bool) -> list[str]:
    """Return what is said of a trial without an effect."""
    if not null:
        return []
    said = "This is the trial without an effect: what an analysis finds here, it finds by chance."
    if any(arm.therapists == 0 for arm in design.arms.values()):
        said += (
            " The true effect was taken from every score after intake of the arms with therapists, so those scores "
            "are no whole numbers and can lie outside the range."
        )
    return ["", said]


def r_script(design: TrialDesign) -> str:
    """Return an R script that reads both forms of the data and fits a first model."""
    outcome = design.outcome
    arms = ", ".join(f'"{arm}"' for arm in design.arms)
    random = (
        "" if any(arm.therapists == 0 for arm in design.arms.values()) else " + (1 | therapist)"
    )
    model = f"{outcome.instrument}_w{outcome.primary} ~ {outcome.covariate} + arm"
    lines = [
        "# Simulated, not real people.",
        'data <- read.csv("data.csv", stringsAsFactors = FALSE)',
        'long <- read.csv("data_long.csv", stringsAsFactors = FALSE)',
        f"arms <- c({arms})",
        "data$arm <- factor(data$arm, levels = arms)",
        "long$arm <- factor(long$arm, levels = arms)",
        'for (column in c("client", "therapist", "clinic")) {',
        "  data[[column]] <- factor(data[[column]])",
        "  long[[column]] <- factor(long[[column]])",
        "}",
    ]
    if random:
        lines += [
            'if (requireNamespace("lmerTest", quietly = TRUE)) {',
            f"  print(summary(lmerTest::lmer({model}{random}, data = data)))",
            "}",
        ]
    else:
        lines.append(f"print(summary(lm({model}, data = data)))")
    return "\n".join([*lines, ""])
