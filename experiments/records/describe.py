"""Real session records beside published findings and the simulation.

`describe` reads a file, computes every statistic that its columns support, and sets it beside the
published and the simulated value. What cannot be computed is listed with the reason.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.catalogue import STATISTICS
from experiments.evidence.facts_by_setting import DEFAULT, facts_for
from experiments.evidence.reading import load_facts
from experiments.records.description import Described, Description, NotDescribed, Unpublished
from experiments.records.estimates import Estimates
from experiments.records.reading import read_records
from experiments.validation.seeds import VALIDATION_SEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from experiments.evidence.facts import Fact
    from experiments.quantities.estimate import Estimate
    from experiments.records.reading import Records

__all__ = ["describe", "describe_records"]


def describe(
    path: str | Path,
    mapping: str | Path | None = None,
    *,
    preset: str = DEFAULT,
    studies: int = 100,
    seed: int = VALIDATION_SEED,
    on_fact: Callable[[int, int], None] | None = None,
    **columns: Any,
) -> Description:
    """Read session records and describe them; `mapping`, `columns` and ranges as for `read_records`."""
    return describe_records(
        read_records(path, mapping, **columns),
        preset=preset,
        studies=studies,
        seed=seed,
        on_fact=on_fact,
    )


def describe_records(
    records: Records,
    *,
    preset: str = DEFAULT,
    studies: int = 100,
    seed: int = VALIDATION_SEED,
    on_fact: Callable[[int, int], None] | None = None,
    on_statistic: Callable[[int, int], None] | None = None,
) -> Description:
    """Compute every statistic that the records support, beside published and simulated values.

    Parameters
    ----------
    records
        From `read_records`.
    preset
        The setting to compare with: its findings, and its simulation.
    studies
        Simulated studies; 0 to leave the simulation out.
    seed
        Of the simulation.
    on_fact
        As for `experiments.validation.validate.validate`.
    on_statistic
        Called after every statistic of the records with how many are done, and of how many.

    Raises
    ------
    AllianceError
        For a preset that does not exist.
    """
    setting = _setting(preset)
    found = Estimates(records)
    facts = facts_for(setting)
    without = tuple(_without_finding())
    step = _counting(on_statistic, len(facts) + len(without))
    estimates: dict[Fact, Estimate] = {}
    not_described: list[NotDescribed] = []
    for fact in facts:
        one = _not_supported(fact) or _estimate(fact, found)
        if isinstance(one, str):
            not_described.append(NotDescribed(fact.id, fact.statistic, one))
        else:
            estimates[fact] = one
        step()
    unpublished = [one for name in without for one in _unpublished(name, found, step)]
    simulated: dict[str, float] = {}
    if studies and estimates:
        from experiments.validation.validate import validate

        validation = validate(
            preset,
            setting=setting,
            studies=studies,
            seed=seed,
            facts=tuple(estimates),
            on_fact=on_fact,
        )
        simulated = {row.id: row.simulated for row in validation.rows}
    return Description(
        records=records,
        rows=tuple(
            _described(fact, estimate, simulated.get(fact.id), found)
            for fact, estimate in estimates.items()
        ),
        unpublished=tuple(unpublished),
        not_described=tuple(not_described),
        preset=preset,
        studies=studies,
    )


def _setting(preset: str) -> str:
    """Return the setting whose findings apply."""
    if preset == DEFAULT:
        return DEFAULT
    from experiments.validation.validate import resolve

    return resolve(preset)[2]


def _described(
    fact: Fact, estimate: Estimate, simulated: float | None, found: Estimates
) -> Described:
    assert fact.statistic_function is not None
    return Described(
        id=fact.id,
        statistic=fact.statistic,
        published=fact.value,
        low=fact.low if fact.low is not None else math.nan,
        high=fact.high if fact.high is not None else math.nan,
        status=fact.status,
        yours=estimate.value,
        yours_low=estimate.low,
        yours_high=estimate.high,
        simulated=simulated,
        inside=fact.inside(estimate.value),
        n=found.clients(fact.statistic_function, dict(fact.arguments)),
    )


def _not_supported(fact: Fact) -> str:
    """Return why no records of this kind can give a statistic; empty if they may."""
    if fact.policy:
        return "needs a second arm"
    if fact.latent:
        return "needs what no questionnaire reports"
    return ""


def _estimate(fact: Fact, found: Estimates) -> Estimate | str:
    assert fact.statistic_function is not None
    return found.of(fact.statistic_function, dict(fact.arguments))


def _without_finding() -> Iterator[str]:
    """Yield the statistics that no published finding is about."""
    published = {fact.statistic_function for fact in load_facts()}
    yield from (name for name in STATISTICS if name not in published)


def _unpublished(name: str, found: Estimates, step: Callable[[], None]) -> Iterator[Unpublished]:
    """Yield a statistic that no finding is about, if the records give it."""
    estimate = found.of(name, {})
    step()
    if not isinstance(estimate, str):
        yield Unpublished(
            name,
            STATISTICS[name].label,
            estimate.value,
            estimate.low,
            estimate.high,
            found.clients(name, {}),
        )


def _counting(on_step: Callable[[int, int], None] | None, total: int) -> Callable[[], None]:
    """Return a function that counts its calls, and tells how many there were."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if on_step is not None:
            on_step(done, total)

    return step
