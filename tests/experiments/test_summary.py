"""The summary of a run: what a person reads must be what the tables say."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from experiments.analysis.run_summary import summarise_run
from experiments.catalogue import statistic
from experiments.reports.run import MOST_ROWS, run_page
from experiments.statistics.outcome import change_rates
from experiments.tables.run_tables import RunTables
from simulation import preset, simulate


@pytest.fixture(scope="module")
def result():
    """Clinics so crowded that some give up waiting."""
    crowded = preset("stepped_care", clients=80, therapists=3, caseload_cap=5)
    return simulate(crowded, seed=4, replicates=4, histories=True)


@pytest.fixture(scope="module")
def summary(result):
    return summarise_run(result, command="alliance run --seed 4")


def text(summary, *, unicode: bool = True, width: int = 100) -> str:
    page_of_text = io.StringIO()
    Console(width=width, file=page_of_text).print(run_page(summary, unicode=unicode))
    return page_of_text.getvalue()


def test_every_client_who_asked_is_in_exactly_one_group(result, summary) -> None:
    stay = summary.staying
    groups = (
        stay.waiting,
        stay.never_started,
        stay.in_treatment,
        stay.completed,
        stay.session_limit,
        stay.dropped_out,
        stay.boundary_violation,
    )
    assert sum(groups) == stay.asked == len(result.clients) == 320
    assert stay.asked - stay.waiting - stay.never_started == stay.started
    assert stay.never_started == (result.clients["status"] == "never_started").sum() > 20
    assert stay.completed == (result.clients["status"] == "completed").sum()
    assert stay.dropped_out == (result.clients["status"] == "dropped_out").sum()
    left = result.clients.filter(pl.col("status") == "dropped_out")
    assert stay.dropped_out_after_one_or_two == (left["sessions"] <= 2).sum()
    assert 0 < (left["sessions"] == 2).sum() < stay.dropped_out
    began = result.clients.filter(pl.col("sessions") > 0)
    assert began.height < len(result.clients)
    assert stay.sessions_median == began["sessions"].median()


def test_change_is_counted_as_the_published_statistics_count_it(result, summary) -> None:
    tables = RunTables(result.clients, result.sessions, result.therapists)
    for who, outcome in (("starters", summary.all_starters), ("completers", summary.completers)):
        rates = change_rates(tables, who=who)
        assert outcome.recovered == pytest.approx(rates.recovered)
        assert outcome.improved == pytest.approx(rates.improved)
        assert outcome.unchanged == pytest.approx(rates.unchanged)
        assert outcome.deteriorated == pytest.approx(rates.deteriorated)
    assert summary.staying.sessions_mean == pytest.approx(statistic("mean_sessions")(tables))


def test_completers_look_better_than_all_starters(summary) -> None:
    assert summary.completers.clients < summary.all_starters.clients
    assert summary.completers.improved > summary.all_starters.improved


def test_every_point_of_the_curve_tells_who_is_still_there(result, summary) -> None:
    sessions = result.sessions
    planned = result.clients.filter(pl.col("status").is_in(["completed", "session_limit"]))
    for point in summary.alliance:
        held = sessions.filter(sessions["session"] == point.session)
        assert point.in_treatment == len(held)
        assert point.still_in_treatment == pytest.approx(held["wai_sr_client"].mean())
        completing = held.join(planned, on=["replicate", "client"], how="semi")
        assert point.completers_in_treatment == len(completing)
        if len(completing):
            assert point.completers == pytest.approx(completing["wai_sr_client"].mean())
    assert summary.alliance[0].completers != summary.alliance[0].still_in_treatment
    numbers = [point.in_treatment for point in summary.alliance]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] == summary.staying.started


def test_all_starters_keep_the_last_rating_of_those_who_left(result, summary) -> None:
    last = result.sessions.group_by("replicate", "client").agg(
        pl.col("wai_sr_client").sort_by("session").last()
    )
    assert summary.alliance[-1].all_starters == pytest.approx(last["wai_sr_client"].mean())
    assert summary.alliance[0].all_starters == summary.alliance[0].still_in_treatment


def test_ruptures_and_boundary_events_are_those_of_the_sessions(result, summary) -> None:
    sessions = result.sessions
    ruptured = sessions.filter(sessions["rupture"] != "none")
    assert summary.ruptures.sessions == len(sessions)
    assert summary.ruptures.ruptures == len(ruptured)
    assert summary.ruptures.noticed == pytest.approx(ruptured["rupture_noticed"].mean())
    assert summary.ruptures.repaired == pytest.approx(ruptured["rupture_repaired"].mean())
    assert summary.ruptures.withdrawals == pytest.approx(
        (ruptured["rupture"] == "withdrawal").mean()
    )
    events = sessions.filter(sessions["boundary_event"] != "none")
    assert summary.boundaries.tests == len(events)
    assert summary.boundaries.crossings == (events["boundary_event"] == "crossing").sum()
    assert summary.boundaries.rebuffed == pytest.approx(
        (events["boundary_event"] == "rebuff").mean()
    )
    assert summary.boundaries.held == pytest.approx((events["boundary_event"] == "held").mean())
    began = result.clients.filter(pl.col("sessions") > 0)
    assert summary.ruptures.clients_with_any == pytest.approx((began["ruptures"] > 0).mean())
    crossed = (began["boundary_crossings"] > 0).mean()
    assert summary.boundaries.clients_with_crossings == pytest.approx(crossed)


def test_waiting_is_that_of_those_who_started(result, summary) -> None:
    began = result.clients.filter(pl.col("sessions") > 0)
    weeks = began["week_started"] - began["week_arrived"]
    waiting = summary.waiting
    assert waiting.weeks_mean == pytest.approx(weeks.mean())
    assert waiting.weeks_longest == weeks.max() > 1
    assert waiting.started_at_once == pytest.approx((weeks == 0).mean())
    assert (weeks == 1).any()


def test_without_histories_the_same_counts_are_told_and_the_curve_is_left_out(
    result, summary
) -> None:
    bare = summarise_run(replace(result, session_rows=None))
    assert bare.staying == summary.staying
    assert bare.all_starters == summary.all_starters
    assert bare.ruptures.ruptures == summary.ruptures.ruptures
    assert bare.alliance == ()
    assert math.isnan(bare.ruptures.withdrawals)
    assert bare.as_json()["ruptures"]["withdrawals"] is None


def test_a_curve_from_the_first_clinics_says_so(result) -> None:
    first = simulate(result.parameters, seed=4, replicates=1, histories=True)
    told = summarise_run(replace(result, session_rows=None), histories=first)
    assert told.alliance_replicates == 1
    assert "from the first 1 clinics" in " ".join(text(told).split())
    assert told.alliance[0].in_treatment == (first.clients["sessions"] > 0).sum()


def test_the_page_tells_what_a_newcomer_asks(summary) -> None:
    said = " ".join(text(summary).split())
    for words in (
        "Who stayed",
        "Who got better",
        "all starters",
        "completers",
        "Alliance over sessions",
        "Ruptures and repairs",
        "Boundaries",
        "Waiting",
        "never advises on a real client",
        "Repeat with: alliance run --seed 4",
        "seed 4",
        f"{summary.staying.dropped_out:,}",
    ):
        assert words in said, words


def test_the_page_fits_a_narrow_terminal_and_plain_ascii(summary) -> None:
    narrow = text(summary, unicode=False, width=80)
    assert max(map(len, narrow.splitlines())) <= 80
    assert "…" not in narrow
    assert narrow.isascii()


def test_a_long_course_is_shown_with_its_first_and_last_session() -> None:
    long = summarise_run(simulate(preset("private_practice", clients=30), seed=2, histories=True))
    table = text(long).split("Alliance over sessions")[1].split("* with")[0]
    shown = [
        int(line.split()[0])
        for line in table.splitlines()
        if line.split()[:1] and line.split()[0].isdigit()
    ]
    assert shown[0] == 1
    assert shown[-1] == len(long.alliance)
    assert len(shown) <= MOST_ROWS


def test_a_clinic_nobody_started_in_is_told_without_stumbling() -> None:
    closed = simulate(
        preset("long_waiting_list", weeks=1, clients=3, arrivals_per_week=0.1),
        seed=1,
        histories=True,
    )
    assert not np.any(closed.client_rows["sessions"] > 0)
    told = summarise_run(closed)
    plain = json.loads(json.dumps(told.as_json(), allow_nan=False))
    assert (plain["staying"]["asked"], plain["staying"]["started"]) == (3, 0)
    assert plain["staying"]["sessions_mean"] is None
    assert plain["alliance"] == []
    assert "3 asked for therapy, nobody started." in text(told)


def test_the_json_is_plain_and_complete(summary) -> None:
    plain = json.loads(json.dumps(summary.as_json(), allow_nan=False))
    assert plain["seed"] == 4
    assert plain["staying"]["asked"] == 320
    assert plain["alliance"][0]["session"] == 1
    assert {"all_starters", "still_in_treatment", "completers", "in_treatment"} <= plain[
        "alliance"
    ][0].keys()
    assert plain["notice"]
