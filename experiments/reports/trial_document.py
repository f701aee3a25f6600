"""Simulated trials, and the search for their size, as one HTML file."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from experiments.quantities.writing import fixed, percent
from experiments.reports.document import (
    Block,
    Charts,
    Code,
    Note,
    Section,
    TableOfTexts,
    document,
    facts,
)
from experiments.reports.estimand import estimand_rows
from experiments.reports.power_chart import power_chart
from experiments.reports.trial import (
    NO_EVIDENCE,
    NO_SPILL_OVER,
    clustering_line,
    design_line,
    effect_lines,
    failure_lines,
)
from experiments.reports.trial_methods import CITATIONS, methods_of
from experiments.reports.trial_table import EXPLAINED, head_of, letter_lines, rows_of
from experiments.trials.clinic_sentences import power_sentence

if TYPE_CHECKING:
    from experiments.power.answer import Power
    from experiments.power.costs import Cheapest
    from experiments.trials.result import TrialResult
    from experiments.trials.trial_design import TrialDesign

__all__ = ["naive_line", "power_document", "trial_document"]


def trial_document(result: TrialResult, replay: str, again: str = "") -> str:
    """Return the report of simulated trials as HTML that loads nothing.

    Parameters
    ----------
    result, replay
        As for `trial_page`.
    again
        Command that made it.
    """
    sections = (*_of_trials(result, replay), _repeating(result.design, again))
    return document(result.design.name, sections)


def power_document(
    power: Power, replay: str, cheapest: Cheapest | None = None, again: str = ""
) -> str:
    """Return the report of a search for power as HTML that loads nothing.

    Parameters
    ----------
    power
        The search.
    replay
        As for `trial_page`, of the trials that confirm the answer.
    cheapest
        The search among several numbers of clients of each therapist that led to it.
    again
        Command that made it.
    """
    said = power.sentence if cheapest is None else cheapest.sentence
    blocks: list[Block] = [Note(said, style="question")]
    if power.confirmed is not None:
        blocks += [Note(naive_line(power))] if naive_line(power) else []
    blocks.append(Charts("Power", (power_chart(power),)))
    blocks.append(Note(_how_to_read_the_chart(power)))
    sections = [Section("The answer", tuple(blocks))]
    if cheapest is not None:
        sections.append(Section("What other trials with this power cost", (_contour(cheapest),)))
    if power.confirmed is not None:
        sections += _of_trials(power.confirmed, replay, power)
    sections.append(_repeating(power.design, again))
    return document(power.design.name, tuple(sections))


def _repeating(design: TrialDesign, again: str) -> Section:
    """Return how to repeat what a report says: the command, and the file that it is given."""
    said = (
        f"The same numbers come out of this command with Alliance {version('alliance-dynamics')} and the file below, "
        "on any number of cores; in the same folder, nothing is simulated twice."
    )
    blocks = [Code(again, caption=said)] if again else []
    return Section("How to repeat this", (*blocks, Code(design.to_toml(), caption="The trial:")))


def _how_to_read_the_chart(power: Power) -> str:
    said = "Dots are what was run, with their 95 % intervals, larger where there were more trials"
    if power.found.ceiling is None:
        said += "; the band is the interval of the line through them."
    else:
        said += ". The horizontal axis is logarithmic."
    others = ", ".join(power.analyses[1:])
    return f"{said} Grey: the same trials by {others}." if others else said


def naive_line(power: Power) -> str:
    """Say what an analysis that ignores therapists would have concluded; empty where there is none."""
    if power.confirmed is None or power.withheld:
        return ""
    for name, options in zip(power.confirmed.analyses, power.confirmed.options, strict=True):
        if options.get("kind") in ("ancova", "t", "welch") and name != power.analyses[0]:
            one = power.of(name)
            return (
                f"Ignoring therapists ({name}) one would have claimed a power of {percent(one.power.value)}, and "
                f"with no effect at all have found one in {percent(one.type_1.value, 1)} of trials instead of 5 %."
            )
    return ""


def _of_trials(result: TrialResult, replay: str, power: Power | None = None) -> tuple[Section, ...]:
    notes: list[Block] = [Note(design_line(result)), *(Note(line) for line in effect_lines(result))]
    table = TableOfTexts(
        ("", *head_of(result, result.characteristics)),
        rows_of(result.characteristics),
        left=(0,),
    )
    notes += [Note(line, style="") for line in letter_lines(result.analyses)]
    beside: list[Block] = [
        Note(clustering_line(one, result.design.design.clinics)) for one in result.clustering
    ]
    beside += [Note(line) for line in failure_lines(result, replay)]
    missing = TableOfTexts(
        ("arm", "missing primary scores"),
        tuple((arm, percent(share)) for arm, share in result.missing.items()),
        left=(0,),
    )
    return (
        Section(
            "How the analyses do",
            (
                *notes,
                table,
                *(Note(line) for line in EXPLAINED),
                Note("± is the Monte Carlo standard error."),
                Note(power_sentence(result.design)),
                *beside,
                missing,
            ),
        ),
        Section("The estimand", (facts(estimand_rows(result.design)),)),
        Section(
            "For a protocol",
            (
                *(Note(text, style="") for text in methods_of(result, power)),
                *(Note(text) for text in CITATIONS),
                Note(f"{NO_SPILL_OVER} {NO_EVIDENCE}"),
            ),
        ),
    )


def _contour(cheapest: Cheapest) -> TableOfTexts:
    rows = []
    for one in cheapest.contour:
        size = one.therapists
        reach = f" [{fixed(size.low, 0)}, {fixed(size.high, 0)}]" if size.bounded else ""
        rows.append(
            (
                str(one.clients_per_therapist),
                f"{fixed(size.value, 0)}{reach}",
                fixed(one.cost, 0),
            )
        )
    return TableOfTexts(("clients of each therapist", "therapists needed", "cost"), tuple(rows))
