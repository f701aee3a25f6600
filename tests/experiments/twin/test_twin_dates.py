"""Days of a twin: other ones than in the records, with their spacing, their pauses and their holes."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from experiments.examples.counselling_records import FILE
from experiments.records.episodes import LONGEST_PAUSE
from experiments.twin.date_margins import Dates, learn_dates
from experiments.twin.dates import drawn_days, written_days
from experiments.twin.margins import Categories, Quantiles
from experiments.twin.original import Original, read_original

SESSIONS = 20
COURSE = np.repeat(np.arange(200), SESSIONS)
PERSON = COURSE // 2


@pytest.fixture(scope="module")
def real() -> Original:
    return read_original(FILE)


def always(days: float) -> Quantiles:
    found = Quantiles.of(np.full(20, days), np.arange(20))
    assert found is not None
    return found


def dates(pause: float) -> Dates:
    weekly = Categories(("7",), (1.0,), 0)
    return Dates(None, weekly, always(500), share_usual=0.75, missing=0.2, pause=always(pause))


@pytest.mark.parametrize(("pause", "away"), [(800, 800), (30, LONGEST_PAUSE + 1)])
def test_a_gap_parts_two_courses_only_where_there_are_two(real, pause: int, away: int) -> None:
    days = drawn_days(real, dates(pause), COURSE, PERSON, np.random.default_rng(1))
    days = days.reshape(200, SESSIONS)
    gaps = np.diff(days, axis=1)
    assert set(np.unique(gaps)) == {7, LONGEST_PAUSE - 1}
    assert (gaps == 7).mean() == pytest.approx(0.75, abs=0.03)
    assert set(days[1::2, 0] - days[::2, -1]) == {away}


def test_the_calendar_is_half_a_year_to_two_years_earlier_and_weekdays_stay(real) -> None:
    first = min(day.toordinal() for day in real.rows.dates if day is not None)
    earlier = [
        int(drawn_days(real, dates(800), COURSE[:1], PERSON[:1], np.random.default_rng(seed))[0])
        - first
        for seed in range(100)
    ]
    assert min(earlier) < -7 * 95
    assert all(days % 7 == 0 and -7 * 104 <= days <= -7 * 26 for days in earlier)


def test_as_many_days_are_missing_as_in_the_records(real, tmp_path) -> None:
    days = np.full(4000, date(2021, 7, 31).toordinal())
    written = written_days(real, dates(800), days, np.random.default_rng(1))
    assert written.count("") / 4000 == pytest.approx(0.2, abs=0.03)
    assert set(written) == {"", "2021-07-31"}
    kept = (pl.int_range(pl.len()) % 4 > 0).alias("kept")
    frame = pl.read_csv(FILE, infer_schema=False)
    frame.with_columns(pl.when(kept).then("date").alias("date")).write_csv(tmp_path / "r.csv")
    some = read_original(tmp_path / "r.csv")
    learned = learn_dates(some, np.ones(frame.height, dtype=bool))
    assert learned.missing == pytest.approx(0.25, abs=0.001)


def test_where_nobody_learned_from_has_a_day_there_are_no_days(tmp_path) -> None:
    """One client alone has days: the half of the clients without it has none."""
    own = pl.when(pl.col("client") == "C001").then("date").alias("date")
    pl.read_csv(FILE).with_columns(own).write_csv(tmp_path / "r.csv")
    some = read_original(tmp_path / "r.csv")
    assert learn_dates(some, some.course > 0) is None
    assert learn_dates(some, some.course >= 0) is not None
