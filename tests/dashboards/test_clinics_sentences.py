"""What is said below the charts of a clinic, and how its team is drawn, is what the tables say."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from dashboards.clinics import course_figures, figures, team_figures
from dashboards.clinics.leaving import Thirds
from dashboards.clinics.pictures import clinic_picture
from dashboards.computing.cache import Shared
from experiments.quantities.intervals import shares_of
from experiments.quantities.writing import fixed, percent
from simulation import simulate
from tests.dashboards.clinics import SMALL

if TYPE_CHECKING:
    from dashboards.clinics.pictures import Picture
    from simulation.results.result import Result

    Clinic = tuple[Picture, Result]


@pytest.fixture(scope="module")
def small() -> Picture:
    return clinic_picture(SMALL, shared=Shared())


def held(result: Result) -> list[int]:
    """Return how many clients held each session."""
    return result.sessions.group_by("session").len().sort("session")["len"].to_list()


def test_the_trait_is_named_whose_outer_thirds_differ_most(clinic: Clinic) -> None:
    picture, _ = clinic
    rates = {name: one.dropped / one.number for name, one in picture.who_drops_out.items()}
    most = max(rates, key=lambda name: abs(rates[name][2] - rates[name][0]))
    assert figures.dropout_figure(picture).summary.startswith(
        f"The thirds differ most by {figures.TRAIT_NAMES[most]}: {percent(rates[most][0])} of the lowest third and "
        f"{percent(rates[most][2])} of the highest dropped out; "
    )


@pytest.mark.parametrize(
    ("lowest", "highest", "clear"), [(10, 50, True), (50, 10, True), (30, 36, False)]
)
def test_a_difference_of_thirds_may_be_chance_where_their_intervals_overlap(
    small: Picture, lowest: int, highest: int, clear: bool
) -> None:
    number, gone = np.full(3, 100), np.array([lowest, 30, highest])
    only = Thirds((0.3, 0.6), number, gone, shares_of(gone, number))
    found = figures.dropout_figure(replace(small, who_drops_out={"severity": only}), ("severity",))
    assert ("the intervals do not overlap" in found.summary) == clear
    assert ("this may be chance" in found.summary) == (not clear)


def test_dropout_is_drawn_beside_that_of_all_who_began(clinic: Clinic) -> None:
    picture, result = clinic
    began = result.clients.filter(pl.col("sessions") > 0)
    overall = (began["status"] == "dropped_out").mean()
    assert figures.dropout_figure(picture).reference == pytest.approx(overall, abs=1e-4)


@pytest.mark.parametrize("week", [None, 0, 3])
def test_a_week_is_told_with_all_who_have_asked_and_where_they_are(
    clinic: Clinic, week: int | None
) -> None:
    picture, result = clinic
    at = int(picture.weeks.weeks[-1]) if week is None else week
    asked = result.clients.filter(pl.col("week_arrived") <= at).height
    figure = figures.weeks_figure(picture, week)
    opening, _, where = figure.summary.partition(": ")
    assert opening == f"At the end of week {at + 1}, of {asked} clients who asked"
    assert sum(int(one) for one in re.findall(r"\d+", where)) == asked
    assert figure.cursor == (None if week is None else at + 1)


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_session_is_named_by_which_half_of_the_dropouts_have_left(seed: int) -> None:
    few = SMALL.replace(clients=40)
    left = simulate(few, seed=seed).clients.filter(status="dropped_out")["sessions"].to_numpy()
    by = next(session for session in count(1) if 2 * (left <= session).sum() >= len(left))
    when = "after the first session" if by == 1 else f"by session {by}"
    picture = clinic_picture(few, seed, shared=Shared())
    assert course_figures.survival_figure(picture).summary.endswith(f"half of them {when}.")


def test_survivors_are_compared_with_all_who_began_while_a_tenth_of_them_is_there(
    clinic: Clinic,
) -> None:
    picture, result = clinic
    there = held(result)
    at = max(one for one, number in enumerate(there, 1) if number >= max(2, there[0] / 10))
    scores = result.sessions.select("replicate", "client", "session", "wai_sr_client").cast(
        {"wai_sr_client": pl.Float64}
    )
    latest = scores.filter(pl.col("session") <= at).sort("session")
    carried = latest.group_by("replicate", "client").agg(pl.col("wai_sr_client").last())
    first, now = (scores.filter(session=one)["wai_sr_client"].mean() for one in (1, at))
    assert course_figures.alliance_figure(picture).summary == (
        f"At session 1 the mean is {fixed(first, 1)}. At session {at}, {there[at - 1]} of {there[0]} are still in "
        f"treatment and their mean is {fixed(now, 1)}; of all who began, the last value carried forward, it is "
        f"{fixed(carried['wai_sr_client'].mean(), 1)}."
    )


def test_a_curve_of_an_ending_is_drawn_where_three_clients_are_left(clinic: Clinic) -> None:
    picture, _ = clinic
    _, _, *endings = course_figures.alliance_figure(picture).series
    assert len(endings) > 1
    for one in endings:
        drawn = [value is not None for value in one.values]
        assert drawn == [number >= 3 for number in one.number], one.name


def test_the_session_is_named_from_which_fewer_than_half_are_there(clinic: Clinic) -> None:
    picture, result = clinic
    there = held(result)
    few = next(one for one, number in enumerate(there, 1) if number < there[0] / 2)
    assert course_figures.number_figure(picture).summary == (
        f"{there[0]} clients held session 1; from session {few} on fewer than half of them are there."
    )


@pytest.mark.parametrize("colour", ["fatigue", "alliance"])
@pytest.mark.parametrize("week", [0, 6])
def test_the_team_is_drawn_as_it_is_in_that_week(clinic: Clinic, week: int, colour: str) -> None:
    picture, _ = clinic
    figure = team_figures.team_figure(picture, week, colour=colour)  # type: ignore[arg-type]
    loads = picture.team.caseload[:, week]
    sizes = np.array([node.size for node in figure.nodes])
    assert (sizes > 0.0).all()
    assert (sizes - sizes[0] == loads - loads[0]).all()
    values = getattr(picture.team, colour)
    for node, load, value in zip(figure.nodes, loads, values[:, week], strict=True):
        assert node.detail.startswith(f"{load} client")
        assert np.isnan(value) or node.value == pytest.approx(value, abs=1e-4)
    # A colour means the same in every week.
    assert figure.value.low <= np.nanmin(values)
    assert np.nanmax(values) <= figure.value.high


def test_of_a_hub_the_one_in_the_middle_is_drawn_there() -> None:
    hub = clinic_picture(SMALL.replace(supervision_network="hub"), shared=Shared())
    ring = clinic_picture(SMALL.replace(supervision_network="ring"), shared=Shared())
    middle, *others = team_figures.team_figure(hub).places
    assert middle == (0.5, 0.5)
    around = {round(math.dist(middle, one), 3) for one in others}
    assert around == {
        round(math.dist(middle, one), 3) for one in team_figures.team_figure(ring).places
    }


def test_therapists_are_counted_whose_dropout_differs_from_the_clinics(small: Picture) -> None:
    gone = np.array([2, 20, 22, 20, 36, 20])
    team = replace(small.team, dropped_out=gone, clients_seen=np.full(6, 40))
    figure = team_figures.therapist_dropout_figure(replace(small, team=team))
    assert figure.summary == (
        "From 5 % to 90 % of a therapist's clients dropped out; for 2 of 6 therapists the interval leaves out the "
        "clinic's 50 %."
    )
    assert figure.reference == 0.5
