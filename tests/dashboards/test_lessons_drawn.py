"""What a lesson draws, counts and says beside studies is what its run gave."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from dashboards.charts.figures import Bars, Lines
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.findings import find_all
from dashboards.lessons.measures.measure import ArmRun
from dashboards.lessons.pictures import picture
from dashboards.lessons.running import result_of
from dashboards.lessons.wanted import FigureWanted
from experiments.evidence.reading import fact
from experiments.quantities.writing import fixed
from experiments.validation.simulated_studies import study_clinic
from simulation import Parameters, simulate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.charts.figures import Figure
    from dashboards.lessons.arms import Arm
    from dashboards.lessons.findings import Finding
    from dashboards.lessons.lesson import Lesson

KEYS = [lesson.key for lesson in lessons()]
COUNTING = [lesson.key for lesson in lessons() if any(one.count for one in lesson.findings)]


@pytest.fixture(scope="module")
def arm() -> ArmRun:
    parameters = Parameters(clients=60, therapists=5)
    return ArmRun("a", "one arm", simulate(parameters, seed=4, replicates=3, threads=1))


def drawn(kind: str, arm: ArmRun) -> Figure:
    wanted = FigureWanted(kind=kind, title="A chart of an arm", arms=("a",))  # type: ignore[arg-type]
    return picture(wanted, find_lesson("who_is_still_there"), {"a": arm}, {})


def test_those_who_stay_are_drawn_as_the_share_who_held_each_session(arm: ArmRun) -> None:
    figure = drawn("staying", arm)
    assert isinstance(figure, Lines)
    held = arm.result.clients.filter(pl.col("sessions") > 0)["sessions"].to_numpy()
    (one,) = figure.series
    for session, share, number in zip(figure.xs, one.values, one.number, strict=True):
        assert number == (held >= session).sum()
        assert share == pytest.approx((held >= session).mean(), abs=1e-4)
    last = int(figure.xs[-1])
    assert figure.xs == tuple(range(1, last + 1))
    fifth, at_last = (fixed(100 * (held >= session).mean(), 0) for session in (5, last))
    assert figure.summary.endswith(
        f" One arm: {fifth} in 100 hold a fifth session, {at_last} session {last}."
    )


def test_therapists_are_drawn_from_best_to_last_of_the_first_clinic(arm: ArmRun) -> None:
    figure = drawn("therapists", arm)
    assert isinstance(figure, Bars)
    began = arm.result.clients.filter((pl.col("sessions") > 0) & (pl.col("replicate") == 0))
    falls = began.group_by("therapist").agg(
        fall=(pl.col("core_10_intake") - pl.col("core_10_last")).cast(pl.Float64).mean()
    )["fall"]
    assert figure.series[0].values == pytest.approx(sorted(falls, reverse=True), abs=1e-3)
    assert figure.names == ("rank 1", "rank 2", "rank 3", "rank 4", "rank 5")
    assert figure.summary.endswith(
        f"One arm: from {fixed(falls.max(), 1)} points for the best to {fixed(falls.min(), 1)} for the last."  # type: ignore[arg-type]
    )


def few_clinics(lesson: Lesson) -> Mapping[str, Finding]:
    """Return what four small clinics give: intervals are wide."""
    arms = {
        arm.name: ArmRun(
            arm.name,
            arm.title,
            simulate(
                study_clinic(arm.settings(), 40), seed=1, replicates=4, histories=True, threads=1
            ),
        )
        for arm in lesson.arms
    }
    return find_all(lesson, arms)


@pytest.mark.parametrize("few", [False, True])
@pytest.mark.parametrize("key", COUNTING)
def test_findings_are_counted_that_pass_those_sure_to_pass_and_those_that_may(
    key: str, few: bool
) -> None:
    lesson = find_lesson(key)
    results = few_clinics(lesson) if few else result_of(key).found
    for wanted in lesson.findings:
        if not wanted.count:
            continue
        known = fact(wanted.inside) if wanted.inside else None
        low, high = (wanted.over, np.inf) if known is None else (known.low, known.high)
        assert low is not None
        assert high is not None
        counted = [results[name].estimate for name in wanted.count]
        found = results[wanted.name].estimate
        assert found.value == sum(low <= one.value <= high for one in counted)
        assert found.low == sum(one.low >= low and one.high <= high for one in counted)
        assert found.high == sum(not (one.high < low or one.low > high) for one in counted)
        assert not few or found.low < found.value


def test_some_lesson_counts_findings() -> None:
    counted = [one for lesson in lessons() for one in lesson.findings if one.count]
    assert {bool(one.inside) for one in counted} == {True, False}


@pytest.mark.parametrize("key", KEYS)
def test_a_model_stands_inside_the_range_of_a_finding_or_outside_it(key: str) -> None:
    for row in result_of(key).published:
        if row.inside is None:
            assert "The model gives" not in row.sentence
            continue
        assert row.fact.low is not None
        assert row.fact.high is not None
        assert row.inside == (row.fact.low <= row.model.value <= row.fact.high)
        where = "inside" if row.inside else "outside"
        assert f", {where} the range that counts as reproduced, " in row.sentence
        assert row.sentence.endswith(f" ({row.fact.range_reason}).")


def test_what_is_counted_in_standard_deviations_says_so() -> None:
    sentences = {row.fact.id: row.sentence for row in result_of("feedback").published}
    for name in ("F91", "F91n"):
        assert re.search(r"published as 0\.1\d \(.*?\) standard deviations\. The", sentences[name])
    assert "deviations" not in sentences["F91o"]
    for lesson in lessons():
        for row in result_of(lesson.key).published:
            assert row.fact.range_reason or row.fact.low is None
            if row.fact.scale == "difference":
                assert " standard deviations" in row.sentence


def clients_of(lesson: Lesson, arm: Arm) -> pl.DataFrame:
    """Return who asked for treatment in an arm of a lesson, simulated here."""
    clinic, run = study_clinic(arm.settings(), lesson.run.clients), lesson.run
    return simulate(clinic, seed=run.seed, replicates=run.replicates, threads=1).clients


def test_clients_of_a_lesson_are_those_who_came_once() -> None:
    lesson, found = find_lesson("two_therapists"), result_of("two_therapists").clients
    assert set(found) == {arm.name for arm in lesson.arms}
    for arm in lesson.arms:
        sessions = clients_of(lesson, arm)["sessions"]
        assert found[arm.name] == (sessions > 0).sum()


def test_a_study_of_two_arms_is_set_beside_the_first_compared_with_the_second() -> None:
    lesson = find_lesson("feedback")
    (row,) = (one for one in result_of("feedback").published if one.fact.id == "F91o")
    odds = {}
    for arm in lesson.arms:
        began = clients_of(lesson, arm).filter(pl.col("sessions") > 0)
        share = (began["status"] == "dropped_out").mean()
        odds[arm.name] = share / (1 - share)
    assert row.model.value == pytest.approx(odds["without"] / odds["feedback"], abs=0.01)
    assert row.model.low > 1.0
