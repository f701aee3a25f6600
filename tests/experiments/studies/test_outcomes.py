"""Outcomes are what their one line says, on tables where it can be worked out another way."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from scipy import stats

from experiments.catalogue import OUTCOMES, outcome
from experiments.outcomes.kinds import share_of_sessions
from experiments.tables.run_tables import RunTables
from simulation import Parameters, simulate
from simulation.clinic import STATUSES
from simulation.errors import AllianceError

REPLICATES, CLIENTS, FIRST = 5, 60, 7
STATUS = {name: place for place, name in enumerate(STATUSES)}


def invented(seed=0):
    draw = np.random.default_rng(seed)
    rows = REPLICATES * CLIENTS
    sessions = draw.integers(0, 9, rows)
    status = draw.choice([STATUS[s] for s in ("completed", "dropped_out", "session_limit")], rows)
    status[sessions == 0] = STATUS["never_started"]
    intake = draw.integers(2, 35, rows).astype(np.float32)
    ruptures = draw.integers(0, 4, rows)
    noticed = np.minimum(ruptures, draw.integers(0, 4, rows))
    clients = {
        "replicate": np.repeat(np.arange(REPLICATES), CLIENTS) + FIRST,
        "client": np.tile(np.arange(CLIENTS), REPLICATES),
        "status": status.astype(np.int8),
        "sessions": sessions,
        "core_10_intake": intake,
        "core_10_last": np.where(sessions > 0, intake - draw.integers(-9, 20, rows), np.nan),
        "csq_8_last": np.where(sessions > 0, draw.integers(8, 33, rows), np.nan),
        "ruptures": np.where(sessions > 0, ruptures, 0),
        "ruptures_noticed": np.where(sessions > 0, noticed, 0),
        "ruptures_repaired": np.where(sessions > 0, noticed // 2, 0),
        "boundary_tests": np.where(sessions > 0, ruptures + 1, 0),
        "boundary_crossings": np.where(sessions > 0, noticed, 0),
        "attachment_anxiety": draw.random(rows),
    }
    held = np.repeat(np.arange(rows), sessions)
    number = np.concatenate([np.arange(1, n + 1) for n in sessions])
    history = {
        "replicate": clients["replicate"][held].astype(np.int32),
        "client": clients["client"][held].astype(np.int32),
        "session": number.astype(np.int32),
        "wai_sr_client": draw.integers(12, 61, len(held)).astype(np.float32),
        "alliance": draw.random(len(held)),
        "trust": draw.random(len(held)),
        "blri_empathy": draw.integers(-48, 49, len(held)).astype(np.float32),
    }
    staff = {
        "replicate": np.repeat(np.arange(REPLICATES), 4) + FIRST,
        "fatigue_mean": draw.random(4 * REPLICATES),
        "fatigue_last": draw.random(4 * REPLICATES),
        "skill_gain": draw.random(4 * REPLICATES),
    }
    for table, name in ((clients, "clients"), (history, "sessions"), (staff, "therapists")):
        fill(table, name, draw)
    return RunTables(clients, history, staff)


@cache
def columns_of_a_run():
    run = simulate(Parameters(clients=1, therapists=1), seed=1, histories=True)
    return {name: run.columns(name) for name in ("clients", "sessions", "therapists")}


def fill(table, name, draw):
    """Add the other columns that a run has, so that an outcome may read any of them."""
    rows = len(table["replicate"])
    for column, values in columns_of_a_run()[name].items():
        if column not in table and column != "run":
            whole = not np.issubdtype(np.asarray(values).dtype, np.floating)
            drawn = draw.integers(0, 2, rows) if whole else draw.random(rows)
            table[column] = drawn.astype(np.asarray(values).dtype)


class Frames(NamedTuple):
    all: pl.DataFrame
    started: pl.DataFrame
    held: pl.DataFrame


def frames(tables):
    """Replicate by replicate: the clients who started, with WAI-SR at session 3 and last."""
    clients = pl.DataFrame(dict(tables.clients)).with_columns(
        status=pl.Series([STATUSES[code] for code in tables.clients["status"]])
    )
    sessions = pl.DataFrame(dict(tables.sessions)).with_columns(
        pl.col("replicate", "client").cast(pl.Int64)
    )
    third = sessions.filter(session=3).select("replicate", "client", early="wai_sr_client")
    last = sessions.group_by("replicate", "client").agg(
        late=pl.col("wai_sr_client").sort_by("session").last()
    )
    joined = clients.join(third, on=["replicate", "client"], how="left").join(
        last, on=["replicate", "client"], how="left"
    )
    for replicate in range(FIRST, FIRST + REPLICATES):
        here = joined.filter(replicate=replicate)
        yield Frames(
            here, here.filter(pl.col("sessions") > 0), sessions.filter(replicate=replicate)
        )


def share(started, condition, among=None):
    group = started if among is None else started.filter(among)
    return group.filter(condition).height / group.height


def residual_gain_correlation(started):
    known = started.filter(pl.col("early").is_not_null())
    intake, last = known["core_10_intake"].to_numpy(), known["core_10_last"].to_numpy()
    line = stats.linregress(intake, last)
    gain = -(last - line.intercept - line.slope * intake)
    return stats.pearsonr(known["early"].to_numpy(), gain).statistic


def standard_difference(started):
    left = started.filter(status="dropped_out")["late"].to_numpy().astype(float)
    stayed = started.filter(pl.col("status") != "dropped_out")["late"].to_numpy().astype(float)
    squares = left.var() * len(left) + stayed.var() * len(stayed)
    return (stayed.mean() - left.mean()) / np.sqrt(squares / (len(left) + len(stayed) - 2))


CHANGE = pl.col("core_10_intake") - pl.col("core_10_last")
DROPPED = pl.col("status") == "dropped_out"
INTAKE = pl.col("core_10_intake")

ANOTHER_WAY = {
    "dropout_rate": lambda t: share(t.started, DROPPED),
    "completion_rate": lambda t: share(t.started, pl.col("status") == "completed"),
    "session_limit_rate": lambda t: share(t.started, pl.col("status") == "session_limit"),
    "violation_rate": lambda _: 0.0,
    "never_started_rate": lambda t: 1 - t.started.height / t.all.height,
    "early_dropout_rate": lambda t: share(t.started, (pl.col("sessions") <= 2) & DROPPED),
    "early_dropout_share": lambda t: share(t.started, pl.col("sessions") <= 2, DROPPED),
    "one_session_rate": lambda t: share(t.started, pl.col("sessions") == 1),
    "dropout_rate_severe": lambda t: share(t.started, DROPPED, INTAKE >= 20),
    "dropout_rate_milder": lambda t: share(t.started, DROPPED, INTAKE < 20),
    "dropout_rate_anxious": lambda t: share(
        t.started, DROPPED, pl.col("attachment_anxiety") >= 0.5
    ),
    "dropout_rate_secure": lambda t: share(t.started, DROPPED, pl.col("attachment_anxiety") < 0.5),
    "mean_sessions": lambda t: t.started["sessions"].mean(),
    "core_10_intake": lambda t: t.started["core_10_intake"].mean(),
    "core_10_last": lambda t: t.started["core_10_last"].mean(),
    "core_10_change": lambda t: t.started.select(CHANGE).to_series().mean(),
    "effect_size": lambda t: t.started.select(CHANGE.mean() / INTAKE.std()).item(),
    "reliable_improvement_rate": lambda t: share(t.started, CHANGE >= 6),
    "reliable_deterioration_rate": lambda t: share(t.started, CHANGE <= -6),
    "recovery_rate": lambda t: share(
        t.started, (CHANGE >= 6) & (pl.col("core_10_last") < 11), INTAKE >= 11
    ),
    "mean_csq_8": lambda t: t.started["csq_8_last"].mean(),
    "ruptures_per_session": lambda t: t.started["ruptures"].sum() / t.held.height,
    "rupture_notice_rate": lambda t: (
        t.started["ruptures_noticed"].sum() / t.started["ruptures"].sum()
    ),
    "repair_rate": lambda t: t.started["ruptures_repaired"].sum() / t.started["ruptures"].sum(),
    "boundary_tests_per_session": lambda t: t.started["boundary_tests"].sum() / t.held.height,
    "crossings_per_session": lambda t: t.started["boundary_crossings"].sum() / t.held.height,
    "mean_alliance": lambda t: t.held["alliance"].mean(),
    "mean_trust": lambda t: t.held["trust"].mean(),
    "mean_wai_sr_client": lambda t: t.held["wai_sr_client"].mean(),
    "mean_blri_empathy": lambda t: t.held["blri_empathy"].mean(),
    "early_wai_sr_client": lambda t: t.started["early"].mean(),
    "alliance_outcome_r": lambda t: residual_gain_correlation(t.started),
    "alliance_dropout_d": lambda t: standard_difference(t.started),
}


@pytest.mark.parametrize("name", ANOTHER_WAY)
def test_an_outcome_is_what_it_says(name):
    tables = invented()
    expected = [ANOTHER_WAY[name](frame) for frame in frames(tables)]
    found = OUTCOMES[name].compute(tables)
    assert found.shape == (REPLICATES,)
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("mean_fatigue", "fatigue_mean"),
        ("last_fatigue", "fatigue_last"),
        ("skill_gain", "skill_gain"),
    ],
)
def test_an_outcome_of_therapists_is_their_mean(name, column):
    tables = invented()
    expected = tables.therapists[column].reshape(REPLICATES, 4).mean(axis=1)
    assert OUTCOMES[name].compute(tables) == pytest.approx(expected)


def test_every_outcome_is_checked_another_way():
    """A number is believed that two ways of computing it agree on: here with polars, row by row."""
    unchecked = set(OUTCOMES) - {*ANOTHER_WAY, "mean_fatigue", "last_fatigue", "skill_gain"}
    assert not unchecked, f"add a line to ANOTHER_WAY of this file for: {', '.join(unchecked)}"
    assert set(ANOTHER_WAY) <= set(OUTCOMES)


def test_a_share_of_sessions_is_of_all_sessions_held():
    tables = invented()
    trusting = share_of_sessions(lambda some: some.session("trust") > 0.5)
    expected = [(frame.held["trust"] > 0.5).mean() for frame in frames(tables)]
    assert trusting(tables) == pytest.approx(expected)
    counted, held = trusting.counts(tables)
    assert held.sum() == len(tables.sessions["trust"])
    assert (counted <= held).all()


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_replicate_has_the_same_bits_alone_as_among_others(name):
    tables = invented()
    together = OUTCOMES[name].compute(tables)
    for place in range(REPLICATES):
        alone = RunTables(
            *(
                {k: v[table["replicate"] == FIRST + place] for k, v in table.items()}
                for table in (tables.clients, tables.sessions, tables.therapists)
            ),
        )
        assert OUTCOMES[name].compute(alone).tobytes() == together[place : place + 1].tobytes()


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_clinic_nobody_comes_to_has_no_rates_and_no_warnings(name):
    tables = invented()
    nobody = {k: v[:3].copy() for k, v in tables.clients.items()}
    nobody["sessions"][:] = 0
    nobody["status"][:] = STATUS["never_started"]
    for column in ("ruptures", "ruptures_noticed", "boundary_tests", "boundary_crossings"):
        nobody[column][:] = 0
    nobody["core_10_last"][:] = np.nan
    empty = {k: v[:0] for k, v in tables.sessions.items()}
    staff = {k: v[:4] for k, v in tables.therapists.items()}
    with np.errstate(all="raise"):
        found = OUTCOMES[name].compute(RunTables(nobody, empty, staff))
    assert found.shape == (1,)
    if name == "never_started_rate":
        assert found[0] == 1.0
    elif name not in {"mean_fatigue", "last_fatigue", "skill_gain"}:
        assert np.isnan(found[0])


def test_a_misspelt_outcome_gets_the_nearest_name():
    with pytest.raises(AllianceError, match="Did you mean dropout_rate"):
        outcome("droput_rate")
