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
from experiments.validation.validate import resolve, validate

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

    Raises
    ------
    AllianceError
        For a preset that does not exist.
    """
    _, _, setting = resolve(preset)
    found = Estimates(records)
    estimates: dict[Fact, Estimate] = {}
    not_described: list[NotDescribed] = []
    for fact in facts_for(setting):
        one = _not_supported(fact) or _estimate(fact, found)
        if isinstance(one, str):
            not_described.append(NotDescribed(fact.id, fact.statistic, one))
        else:
            estimates[fact] = one
    simulated: dict[str, float] = {}
    if studies and estimates:
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
        unpublished=tuple(_unpublished(found)),
        not_described=tuple(not_described),
        preset=preset,
        studies=studies,
    )


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


def _unpublished(found: Estimates) -> Iterator[Unpublished]:
    """Yield the statistics no finding is about, where the records give them."""
    published = {fact.statistic_function for fact in load_facts()}
    for name, one in STATISTICS.items():
        estimate = found.of(name, {}) if name not in published else ""
        if not isinstance(estimate, str):
            yield Unpublished(
                name,
                one.label,
                estimate.value,
                estimate.low,
                estimate.high,
                found.clients(name, {}),
            )
