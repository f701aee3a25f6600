"""Comparing the simulation with published findings, with its own uncertainty and its misses.

`validate` simulates many studies of ordinary size, computes for every finding the same statistic
the paper computed, and says whether it lies in the range that counts as inside. What was fitted
and what is predicted are separate; so are the random numbers of fitting and of validating.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.evidence.explanations import explanation
from experiments.evidence.facts_by_setting import DEFAULT, facts_for, settings_with_facts
from experiments.evidence.informed import full_role
from experiments.evidence.reading import load_facts
from experiments.validation.results import FactResult, NotComputed, Validation
from experiments.validation.seeds import VALIDATION_SEED, validation_seed
from experiments.validation.simulated_studies import run_studies, study_clinic
from simulation.errors import AllianceError
from simulation.reused_memory import reused_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from experiments.evidence.facts import Fact, Overrides
    from experiments.tables.run_tables import RunTables
    from simulation.parameters import Parameters

__all__ = ["fact_results", "resolve", "simulated_values", "validate"]

LEAST_STUDIES = 20


def validate(
    parameters: Parameters | str = DEFAULT,
    *,
    setting: str | None = None,
    studies: int = 200,
    clients_per_study: int = 60,
    seed: int = VALIDATION_SEED,
    facts: Sequence[Fact] | None = None,
    threads: int | None = None,
    on_fact: Callable[[int, int], None] | None = None,
) -> Validation:
    """Compare a setting with the published findings.

    Parameters
    ----------
    parameters
        The name of a preset or of a published model of the dyad, the path of a preset file, or
        parameters. ``"default"`` is the default clinic.
    setting
        Whose findings to compare it with; the preset's own if left out, and the general ones for
        everything that is not a preset of a setting.
    studies
        Simulated studies of each arm.
    clients_per_study
        Clients of one study; therapists follow from the setting.
    seed
        Any but the seed of fitting.
    facts
        Custom findings (`experiments.evidence.read_facts`); the project's if left out.
    threads
        Threads to use; all cores if left out. The result does not depend on it.
    on_fact
        Called with the number of findings done and of all, for progress.

    Raises
    ------
    AllianceError
        For a preset that does not exist, too few studies, or the seed of fitting.
    """
    if studies < LEAST_STUDIES:
        raise AllianceError(
            f"studies = {studies} is not allowed: simulate at least {LEAST_STUDIES},"
            " or the uncertainty cannot be estimated."
        )
    seed = validation_seed(seed)
    name, base, own = resolve(parameters, facts)
    setting = setting or own
    clinic = study_clinic(base, clients_per_study)
    chosen = facts_for(setting, facts)
    rows: dict[str, FactResult] = {}
    with reused_memory():
        for row in fact_results(
            chosen, clinic, setting, seed=seed, studies=studies, threads=threads
        ):
            rows[row.id] = row
            if on_fact is not None:
                on_fact(len(rows), len(chosen))
    return Validation(
        preset=name,
        setting=setting,
        rows=tuple(rows[one.id] for one in chosen),
        not_computed=tuple(
            NotComputed(one.id, one.statistic, one.not_computed or "")
            for one in (load_facts() if facts is None else facts)
            if not one.computed and one.setting in {setting, DEFAULT}
        ),
        studies=studies,
        clients_per_study=clinic.clients,
        therapists_per_study=clinic.therapists,
        seed=seed,
    )


def fact_results(
    facts: Sequence[Fact],
    clinic: Parameters,
    setting: str,
    *,
    seed: int,
    studies: int,
    threads: int | None = None,
    every_interval: bool = True,
) -> Iterator[FactResult]:
    """Yield a row for each finding, those of the same arms together.

    Parameters
    ----------
    facts
        Findings that are computed.
    clinic
        Of the size of a study.
    setting
        Whose findings these are.
    seed, studies, threads
        As for `validate`.
    every_interval
        False: how sure the studies make a statistic is computed only where a score asks for it, for findings with a
        published number.
    """
    for one, arms in _with_arms(facts, clinic, seed=seed, studies=studies, threads=threads):
        how_sure = every_interval or one.value is not None
        row = _compared(one, arms, setting, how_sure=how_sure)
        del arms  # so that the next ones are run in their memory
        yield row


def simulated_values(
    parameters: Parameters, facts: Sequence[Fact], *, seed: int, studies: int
) -> list[float]:
    """Return the statistic of every finding for a clinic, without its interval and on one thread.

    Parameters
    ----------
    parameters
        A clinic, of whatever size.
    facts
        Findings that are computed.
    seed, studies
        As for `validate`.
    """
    from experiments.catalogue import statistic

    clinic = study_clinic(parameters)
    found = {
        one.id: statistic(one.statistic_function or "")(*arms, **dict(one.arguments))
        for one, arms in _with_arms(facts, clinic, seed=seed, studies=studies, threads=1)
    }
    return [found[one.id] for one in facts]


def resolve(
    parameters: Parameters | str, facts: Sequence[Fact] | None = None
) -> tuple[str, Parameters, str]:
    """Return name, parameters and the setting whose findings apply."""
    from simulation.parameters import Parameters

    if not isinstance(parameters, str):
        return "own parameters", parameters, DEFAULT
    if parameters == DEFAULT:
        return DEFAULT, Parameters(), DEFAULT
    from simulation.dyads.catalogue import dyad_names
    from simulation.presets import find_preset, layered

    clinic = layered([parameters])
    if parameters in dyad_names():
        return parameters, clinic, DEFAULT
    found = find_preset(parameters)
    has_own = found.kind == "setting" and found.name in settings_with_facts(facts)
    return found.name, clinic, found.name if has_own else DEFAULT


def _with_arms(
    facts: Sequence[Fact], clinic: Parameters, *, seed: int, studies: int, threads: int | None
) -> Iterator[tuple[Fact, tuple[RunTables, ...]]]:
    """Yield every fact with the tables it is computed on; facts on the same arms come together."""
    ids = Counter(one.id for one in facts)
    if twice := next((name for name, count in ids.items() if count > 1), None):
        raise AllianceError(f"Two findings have the id {twice}. Give each its own.")
    by_arms: dict[tuple[Overrides, tuple[Overrides, ...]], list[Fact]] = {}
    for one in facts:
        by_arms.setdefault((tuple(sorted(one.policy)), one.pooled_over), []).append(one)

    def run(changes: Sequence[dict[str, Any]]) -> RunTables:
        return run_studies(clinic, seed=seed, studies=studies, designs=changes, threads=threads)

    usual = run([{}])

    def arms_of(policy: Overrides, pooled: tuple[Overrides, ...]) -> tuple[RunTables, ...]:
        designs = [dict(changes) for changes in pooled] or [{}]
        if not policy:
            return (run(designs) if pooled else usual,)
        with_policy = run([{**changes, **dict(policy)} for changes in designs])
        without = _without(clinic, policy)
        if pooled or without:
            return with_policy, run([{**changes, **without} for changes in designs])
        return with_policy, usual

    for (policy, pooled), together in by_arms.items():
        arms = arms_of(policy, pooled)
        for one in together:
            yield one, arms
        del arms


def _without(clinic: Parameters, policy: Overrides) -> dict[str, Any]:
    """Return what must change for an arm without the policy, where the setting already has it."""
    from simulation.parameters import PARAMETERS

    now = clinic.model_dump()
    return {
        name: PARAMETERS[name].default
        for name, value in policy
        if now[name] == value and value != PARAMETERS[name].default
    }


def _compared(
    one: Fact, arms: tuple[RunTables, ...], setting: str, *, how_sure: bool
) -> FactResult:
    from experiments.catalogue import statistic
    from experiments.quantities.estimate import Estimate
    from experiments.statistics.pooling import batch_estimate

    assert one.statistic_function is not None
    assert one.low is not None
    assert one.high is not None
    function = statistic(one.statistic_function)
    asked = partial(function, **dict(one.arguments))
    estimate = batch_estimate(asked, *arms) if how_sure else Estimate(asked(*arms))
    inside = one.inside(estimate.value)
    return FactResult(
        id=one.id,
        statistic=one.statistic,
        published=one.value,
        published_low=one.ci_low,
        published_high=one.ci_high,
        low=one.low,
        high=one.high,
        range_rule=one.range_rule or "",
        range_reason=one.range_reason,
        simulated=estimate.value,
        simulated_low=estimate.low,
        simulated_high=estimate.high,
        inside=inside,
        sure=_sure(estimate.low, estimate.high, one.low, one.high, inside=inside),
        role=full_role(one),
        status=one.status,
        setting=one.setting,
        explanation="" if inside else explanation(one.id, setting),
        definition=function.meaning,
        citation=one.citation,
        doi=one.doi,
        note=one.note,
        latent=one.latent,
        not_counting=one.not_counting,
    )


def _sure(
    simulated_low: float, simulated_high: float, low: float, high: float, *, inside: bool
) -> bool:
    if not (math.isfinite(simulated_low) and math.isfinite(simulated_high)):
        return False
    if inside:
        return low <= simulated_low and simulated_high <= high
    return simulated_high < low or simulated_low > high
