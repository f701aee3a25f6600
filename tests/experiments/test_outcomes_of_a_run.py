"""An outcome of a run comes with its interval: a mean Student's, a share without any spread Wilson's."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.clinic_ranges import clinic_ranges
from experiments.analysis.run_summary import summarise_run
from experiments.catalogue import OUTCOMES, outcome
from experiments.outcomes.estimating import estimated
from experiments.outcomes.kinds import Share
from experiments.quantities.intervals import mean_of, share_of
from experiments.quantities.unit import SHARE
from experiments.reports.run import outcome_page
from experiments.tables.run_tables import RunTables
from simulation import Parameters, simulate
from simulation.clinic import STATUSES


def clinics(*dropped_out: int, clients: int = 10) -> RunTables:
    """Return clinics in which so many clients dropped out and the others completed."""
    status = [
        STATUSES.index("dropped_out" if place < left else "completed")
        for left in dropped_out
        for place in range(clients)
    ]
    return RunTables(
        {
            "replicate": np.repeat(np.arange(len(dropped_out)), clients),
            "client": np.tile(np.arange(clients), len(dropped_out)),
            "status": np.array(status, dtype=np.int8),
            "sessions": np.full(len(status), 4),
        }
    )


def test_clinics_that_differ_show_how_much_a_share_varies() -> None:
    found = estimated(outcome("dropout_rate"), clinics(3, 5, 4))
    assert found == mean_of([0.3, 0.5, 0.4])


@pytest.mark.parametrize(("dropped_out", "count"), [((0,), 0), ((0, 0, 0), 0), ((10, 10), 20)])
def test_nobody_and_everybody_have_an_interval(dropped_out: tuple[int, ...], count: int) -> None:
    found = estimated(outcome("dropout_rate"), clinics(*dropped_out))
    expected = share_of(count, 10 * len(dropped_out))
    assert (found.value, found.low, found.high) == (expected.value, expected.low, expected.high)
    assert found.width > 0.1


def test_no_interval_of_a_share_leaves_its_range() -> None:
    found = estimated(outcome("dropout_rate"), clinics(0, 1, 0))
    assert mean_of([0.0, 0.1, 0.0]).low < 0.0 == found.low


def test_a_share_of_nobody_is_not_defined() -> None:
    found = estimated(outcome("early_dropout_share"), clinics(0, 0))
    assert np.isnan([found.value, found.low, found.high]).all()


def test_a_mean_of_one_clinic_has_no_interval() -> None:
    assert not estimated(outcome("mean_sessions"), clinics(3)).bounded


def test_every_outcome_that_is_written_as_a_share_counts_its_cases() -> None:
    for one in OUTCOMES.values():
        assert isinstance(one.compute, Share) == (one.unit is SHARE), one.name


def test_95_percent_of_clinics_lie_between_the_ends_and_half_below_the_middle() -> None:
    tables = RunTables.of(simulate(Parameters(clients=20, therapists=2), seed=2, replicates=60))
    found = clinic_ranges(tables)
    for name in ("dropout_rate", "mean_sessions"):
        low, middle, high = np.quantile(OUTCOMES[name](tables), [0.025, 0.5, 0.975])
        assert (found[name].low, found[name].value, found[name].high) == (low, middle, high)
    assert not any("sessions" in OUTCOMES[name].needs for name in found)


def test_pooled_clinics_are_one() -> None:
    tables = clinics(1, 3, clients=10)
    assert outcome("dropout_rate")(tables).tolist() == [0.1, 0.3]
    assert outcome("dropout_rate")(tables.pooled()).tolist() == [0.2]
    few = tables.only(np.arange(20) < 12)
    assert outcome("dropout_rate")(few.pooled()).tolist() == [pytest.approx(3 / 12)]


def test_a_run_says_every_outcome_and_where_sessions_were_not_stored_those_it_can() -> None:
    run = simulate(Parameters(clients=30, therapists=3), seed=2, replicates=4, histories=True)
    summary = summarise_run(run)
    assert list(summary.outcomes) == list(OUTCOMES)
    for name, found in summary.outcomes.items():
        assert found == estimated(OUTCOMES[name], RunTables.of(run))
    without = summarise_run(simulate(Parameters(clients=30, therapists=3), seed=2, replicates=4))
    assert set(without.outcomes) == {
        name for name, one in OUTCOMES.items() if "sessions" not in one.needs
    }
    assert without.outcomes["dropout_rate"] == summary.outcomes["dropout_rate"]


def test_the_page_of_outcomes_writes_each_in_its_unit() -> None:
    run = simulate(Parameters(clients=30, therapists=3), seed=2, replicates=4, histories=True)
    summary = summarise_run(run)
    table = outcome_page(summary).renderables[2]
    cells = dict(zip(*(list(column.cells) for column in table.columns[:2]), strict=True))
    assert list(cells) == list(OUTCOMES)
    assert cells["dropout_rate"] == SHARE.estimate(summary.outcomes["dropout_rate"])
    assert cells["dropout_rate"].count(" %") == 1
    last = summary.outcomes["core_10_last"].value
    assert cells["core_10_last"].partition(" ")[0] == f"{last:.1f}"
