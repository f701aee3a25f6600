"""No number that is learned rests on fewer than five clients: sites, shares of missing scores, endings, lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from experiments.examples.counselling_records import FILE
from experiments.twin.files import file_columns
from experiments.twin.learning import Learned, learn
from experiments.twin.maker import Maker
from experiments.twin.original import read_original

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.twin.fitting import QuickFit

FRAME = pl.read_csv(FILE)
CLIENTS = FRAME["client"].unique(maintain_order=True).to_list()


def learned_of(folder: Path, frame: pl.DataFrame) -> Learned:
    path = folder / "records.csv"
    frame.write_csv(path)
    return learn(read_original(path))


@pytest.mark.parametrize(
    ("sites", "sizes"),
    [
        ({"north": 100, "south": 60}, (100, 60)),
        ({"north": 100, "south": 57, "a": 2, "b": 1}, (103, 57)),
        ({"north": 100, "south": 54, "a": 3, "b": 3}, (100, 54, 6)),
        ({str(number): 1 for number in range(160)}, (160,)),
    ],
)
def test_sites_of_few_clients_are_put_together(
    tmp_path: Path, sites: dict[str, int], sizes: tuple[int, ...]
) -> None:
    names = [name for name, clients in sites.items() for _ in range(clients)]
    of_client = dict(zip(CLIENTS, names, strict=True))
    frame = FRAME.with_columns(site=pl.col("client").replace_strict(of_client))
    assert learned_of(tmp_path, frame).sites == sizes


def test_a_share_of_missing_scores_rests_on_five_courses(tmp_path: Path) -> None:
    """Intake of three clients, one without a score: a third would tell of one of them."""
    intake = FRAME.filter(pl.col("client").is_in(CLIENTS[:3])).unique("client", keep="first")
    intake = intake.with_columns(
        session=pl.lit(0, dtype=FRAME["session"].dtype),
        core_10=pl.Series([None, 20, 20], dtype=FRAME["core_10"].dtype),
    )
    later = FRAME.filter(pl.col("session") > 0)
    score = learned_of(tmp_path, pl.concat([later, intake])).scores["core_10"]
    usual = later["core_10"].null_count() + 1, later.height + 3
    assert score.missing.by_session[0] == pytest.approx(usual[0] / usual[1], abs=0.01)
    assert np.isfinite(score.missing.by_session).all()


def courses(
    lengths: list[int], *, endings: list[str] | None = None, again: int = 0
) -> pl.DataFrame:
    """Return so many courses of these lengths; the last ones are second courses of the first clients."""
    count = len(lengths)
    rows = [
        {
            "client": f"C{place - (count - again) if place >= count - again else place}",
            "episode": 2 if place >= count - again else 1,
            "session": session,
            "core_10": 10 + (place + session) % 20,
            "ended": (endings or ["completed"] * count)[place] if session == length else "",
        }
        for place, length in enumerate(lengths)
        for session in range(1, length + 1)
    ]
    return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("rare", "endings"), [(4, {"completed"}), (5, {"completed", "dropped_out"})]
)
def test_an_ending_of_few_courses_counts_as_the_commonest(
    tmp_path: Path, rare: int, endings: set[str]
) -> None:
    ended = ["dropped out"] * rare + ["completed"] * (40 - rare)
    learned = learned_of(tmp_path, courses([3] * 40, endings=ended))
    assert {kind.status for kind in learned.kinds} == endings
    assert sum(kind.share for kind in learned.kinds) == pytest.approx(1.0)


def test_no_length_rests_on_fewer_than_five_courses(tmp_path: Path) -> None:
    """One course of forty sessions would be known by it: the longest is the mean of the five longest."""
    lengths = [2] * 10 + [3] * 4 + [4] * 3 + [5] * 19 + [6] * 3 + [40]
    (kind,) = learned_of(tmp_path, courses(lengths)).kinds
    # The five longest have 5, three times 6, and 40: 12.6 on average.
    assert kind.lengths == ((2, 2, 10 / 40), (3, 4, 7 / 40), (5, 13, 23 / 40))


@pytest.mark.parametrize(("again", "shares"), [(4, (1.0,)), (5, (30 / 35, 5 / 35))])
def test_how_often_clients_come_again_rests_on_five_of_them(
    tmp_path: Path, again: int, shares: tuple[float, ...]
) -> None:
    learned = learned_of(tmp_path, courses([3] * (35 + again), again=again))
    assert (learned.clients, learned.courses) == (35, 35 + again)
    assert learned.again == pytest.approx(shares)


def several_courses(courses: int, sessions: int, ended: str) -> pl.DataFrame:
    """Return the records, each with one course, and courses of three more clients with an ending of their own."""
    rows = [
        {"client": f"again {client}", "episode": str(course), "session": session, "ended": ended}
        for client in range(3)
        for course in range(courses)
        for session in range(1, sessions + 1)
    ]
    more = pl.DataFrame(rows).with_columns(
        wai_sr=pl.lit(40.0),
        core_10=pl.when(pl.col("session") > 1).then(20.0),
        session=pl.col("session").cast(FRAME["session"].dtype),
    )
    one = FRAME.with_columns(episode=pl.lit("1"), client=pl.col("client").cast(pl.String))
    limited = FRAME.filter(pl.col("ended") == "limit reached")["client"].to_list()
    one = one.filter(~pl.col("client").is_in(limited))
    columns = ["client", "episode", "session", "wai_sr", "core_10", "ended"]
    return pl.concat([one.select(columns), more.select(columns)], how="vertical_relaxed")


def test_courses_of_the_same_few_clients_do_not_make_a_cell(tmp_path: Path) -> None:
    """Nine courses are no five clients: their ending, their lengths and what they lack would tell of three."""
    longest = int(FRAME["session"].max())  # type: ignore[arg-type]
    learned = learned_of(tmp_path, several_courses(3, longest + 10, "session limit"))
    assert learned.courses == learned.clients + 6
    assert "session_limit" not in {kind.status for kind in learned.kinds}
    assert "session_limit" not in learned.words or not learned.words["session_limit"].entries
    for kind in learned.kinds:
        assert kind.lengths[-1][1] < longest + 10
    assert len(learned.scores["core_10"].missing.by_session) <= longest + 1


def test_courses_of_five_clients_do(tmp_path: Path) -> None:
    frame = several_courses(2, 3, "session limit")
    more = [
        frame.filter(pl.col("client") == "again 0").with_columns(client=pl.lit(f"more {number}"))
        for number in range(2)
    ]
    learned = learned_of(tmp_path, pl.concat([frame, *more]))
    shares = {kind.status: kind.share for kind in learned.kinds}
    assert shares["session_limit"] == pytest.approx(10 / learned.courses)


def seen_at(rows: pl.DataFrame) -> dict[int, float]:
    """Return, by number of session, the share of therapies that go on with a row there."""
    length = rows.group_by("client").agg(pl.col("session").max().alias("length"))
    joined = rows.join(length, on="client")
    return {
        number: joined.filter((pl.col("session") == number) & (pl.col("length") > number)).height
        / length.filter(pl.col("length") > number).height
        for number in range(1, 10)
    }


def test_a_twin_has_rows_at_the_sessions_at_which_questionnaires_are_given(
    tmp_path: Path, fit: QuickFit
) -> None:
    """Clients are asked at the first, the third and every third session after it, half of them at the second."""
    last = pl.col("session") == pl.col("session").max().over("client")
    half = pl.col("client").is_in(CLIENTS[::2]) & (pl.col("session") == 2)
    number = pl.col("session")
    frame = FRAME.filter(last | (number == 1) | (number % 3 == 0) | half)
    path = tmp_path / "records.csv"
    frame.write_csv(path)
    original = read_original(path)
    maker = Maker(original, fit, 1)
    columns = file_columns(original, maker.drawn(0).table)
    made = pl.DataFrame(
        {"client": columns["client"], "session": [int(one) for one in columns["session"]]}
    )
    real, twin = seen_at(frame), seen_at(made)
    assert real[2] == pytest.approx(0.5, abs=0.1)
    assert [real[one] for one in (1, 3, 4, 5, 6)] == [1.0, 1.0, 0.0, 0.0, 1.0]
    assert twin == pytest.approx(real, abs=0.12)
    assert [twin[one] for one in (1, 3, 4, 5, 6)] == [1.0, 1.0, 0.0, 0.0, 1.0]


def every_third(first: int, *, also_ends_between: bool) -> pl.DataFrame:
    """Return courses with rows at every third session from `first`, a tenth of them nine times as long."""
    rows = []
    for client in range(80):
        ends = first + 3 * (0, 1, 1, 2, 2, 2, 3, 3, 3, 9)[client % 10]
        number = [one for one in range(first, ends + 1, 3) if one <= ends]
        if also_ends_between and client % 3 == 0:
            number.append(ends + 1)
        rows += [
            {"client": f"C{client}", "session": one, "core_10": 10 + (client + one) % 20}
            for one in number
        ]
    return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("first", "between", "every"), [(3, False, (3, 0)), (1, False, (3, 1)), (3, True, (1, 0))]
)
def test_a_regular_schedule_goes_on_where_few_clients_have_a_session(
    first: int, between: bool, every: tuple[int, int], tmp_path: Path, fit: QuickFit
) -> None:
    """Of those who are learned from, fewer than five are there at the late sessions, one by one."""
    path = tmp_path / "records.csv"
    every_third(first, also_ends_between=between).write_csv(path)
    maker = Maker(read_original(path), fit, 1)
    drawn = maker.drawn(0)
    assert drawn.learned.every == every
    sessions = drawn.table.session
    last = np.array([drawn.table.therapies[one].sessions for one in drawn.table.course])
    asked = sessions[(sessions > 0) & (sessions < last)]
    assert set((asked % 3).tolist()) == {first % 3}
    assert asked.max() >= 15
    assert set((last[sessions == last] % 3).tolist()) == ({first % 3} if not between else {0, 1, 2})


def test_rows_without_a_schedule_have_none(tmp_path: Path) -> None:
    learned = learned_of(tmp_path, FRAME)
    assert learned.every == (1, 0)
    assert max(learned.gaps.by_session[1:]) < 0.2


def test_what_goes_on_is_a_schedule_of_the_records() -> None:
    from experiments.twin.missing import _period_of

    assert _period_of(np.full(30, 0.3)) is None
    assert _period_of(np.tile([1.0, 0.95, 0.1], 4)) == 3
    assert _period_of(np.tile([1.0, 1.0, 0.0], 2)) is None
    assert _period_of(np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0])) == 3
    assert _period_of(np.random.default_rng(1).random(40)) is None


def test_courses_that_end_at_any_session_have_no_schedule() -> None:
    """Three lengths that five clients share are multiples of three, half of the courses have others."""
    from experiments.twin.learning import _every

    lengths = np.array([0] * 4 + [3] * 5 + [6] * 5 + [9] * 5 + [*range(10, 25)])
    clients = np.arange(len(lengths))
    assert _every(lengths, clients) == (1, 0)
    assert _every(lengths[:20], clients[:20]) == (3, 0)
    assert _every(lengths[:20], clients[:20] // 2) == (1, 0)


def test_the_share_at_a_place_of_the_schedule_rests_on_five_clients() -> None:
    """Three clients alone have sessions at all: what they have there is nobody's to know."""
    from experiments.twin.missing import Missing

    number = np.tile(np.arange(1, 31), 6)
    person = np.repeat(np.arange(6), 30)
    gone = number % 3 > 0
    shares = (1.0, *(gone[:9].astype(float)), 0.6)
    schedule = Missing(shares, 1.0, 0.0)
    found = schedule.going_on(gone, number, person)
    assert found.by_session[:25] == (1.0, *gone[:24].astype(float))
    few = person < 4
    assert schedule.going_on(gone[few], number[few], person[few]) == schedule
