"""A picture of a clinic shows what the tables say."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from dashboards.charts.figures import Lines, as_json
from dashboards.clinics import course_axes, course_figures, figures, team_figures
from dashboards.clinics.courses import EVERYBODY, MEASURES, survival
from dashboards.clinics.leaving import EARLY_ALLIANCE
from dashboards.clinics.pictures import Picture, clinic_picture
from dashboards.computing.cache import Shared, arrays_in
from simulation import Parameters, simulate
from simulation.clinic import STATUSES
from simulation.errors import AllianceError
from tests.dashboards.clinics import CLINICS, SMALL

if TYPE_CHECKING:
    from simulation.results.result import Result


def began(result: Result) -> pl.DataFrame:
    return result.clients.filter(pl.col("sessions") > 0)


@pytest.mark.filterwarnings("ignore:Tied event times")
def test_staying_is_the_kaplan_meier_estimate(clinic: tuple[Picture, Result]) -> None:
    lifelines = pytest.importorskip("lifelines")
    picture, result = clinic
    clients = began(result).to_pandas()
    ended = clients["status"].astype(str) != "in_treatment"
    fitted = lifelines.KaplanMeierFitter().fit(clients["sessions"], ended)
    found = picture.survival
    at = found.sessions[1:]
    assert found.staying.value[1:] == pytest.approx(fitted.predict(at).to_numpy())
    ends = fitted.confidence_interval_.reindex(at, method="ffill").to_numpy()
    inside = (found.staying.value[1:] > 0) & (found.staying.value[1:] < 1)
    assert found.staying.low[1:][inside] == pytest.approx(ends[inside, 0])
    assert found.staying.high[1:][inside] == pytest.approx(ends[inside, 1])
    codes = ended.astype(int) + (clients["status"].astype(str) == "dropped_out")
    # Who is still in treatment was at risk in the last session held: endings come first among ties.
    left = lifelines.AalenJohansenFitter(jitter_level=1e-9, seed=1).fit(
        clients["sessions"] + 1e-6 * ~ended, codes, 2
    )
    assert found.left[-1] == pytest.approx(left.cumulative_density_.iloc[-1, 0], abs=2e-3)


def test_number_at_risk_counts_who_held_the_session(clinic: tuple[Picture, Result]) -> None:
    picture, result = clinic
    for session, number in zip(picture.survival.sessions, picture.survival.at_risk, strict=True):
        assert (
            number
            == result.clients.filter(
                (pl.col("sessions") >= session) & (pl.col("sessions") > 0)
            ).height
        )


def test_whoever_is_still_in_treatment_counts_as_long_as_they_were_seen() -> None:
    done, there = STATUSES.index("completed"), STATUSES.index("in_treatment")
    found = survival(np.array([1, 2, 2, 3]), np.array([done, there, done, done]))
    assert found.staying.value.tolist() == pytest.approx([1, 3 / 4, 3 / 4 * 2 / 3, 0])


@pytest.mark.parametrize("measure", MEASURES)
def test_curves_are_means_of_those_who_held_the_session(
    clinic: tuple[Picture, Result], measure: str
) -> None:
    from scipy import stats

    picture, result = clinic
    keys = ["replicate", "client"]
    table = result.sessions.join(result.clients.select(*keys, "status"), on=keys)
    for group, curve in picture.courses[measure].items():
        rows = table if group == EVERYBODY else table.filter(pl.col("status") == group)
        assert rows.height == curve.number.sum() > 0
        for session in range(1, len(curve.mean) + 1):
            values = rows.filter(pl.col("session") == session)[measure].to_numpy().astype(float)
            assert curve.number[session - 1] == len(values)
            if len(values) == 0:
                assert math.isnan(curve.mean.value[session - 1])
                continue
            assert curve.mean.value[session - 1] == pytest.approx(values.mean())
            if len(values) > 2 and values.std() > 0:
                low, high = stats.t.interval(
                    0.95, len(values) - 1, values.mean(), stats.sem(values)
                )
                assert curve.mean.low[session - 1] == pytest.approx(low, abs=1e-6)
                assert curve.mean.high[session - 1] == pytest.approx(high, abs=1e-6)


def test_all_who_began_keep_their_last_value_when_they_leave(
    clinic: tuple[Picture, Result],
) -> None:
    picture, result = clinic
    for session in (1, 4, len(picture.all_who_began["core_10"])):
        latest = (
            result.sessions.filter(pl.col("session") <= session)
            .group_by("replicate", "client")
            .agg(pl.col("core_10").sort_by("session").last())
        )
        assert latest.height == picture.began
        assert picture.all_who_began["core_10"][session - 1] == pytest.approx(
            latest["core_10"].cast(pl.Float64).mean()
        )


def test_some_give_up_where_the_waiting_list_is_long() -> None:
    picture = clinic_picture(*CLINICS["long waiting list"], shared=Shared())
    assert picture.weeks.counts["never_started"][-1] > 0
    assert picture.weeks.counts["waiting"].max() > 0


def test_everybody_who_asked_is_somewhere_in_every_week(clinic: tuple[Picture, Result]) -> None:
    picture, result = clinic
    weeks, clients = picture.weeks, result.clients
    for week in (0, 3, int(weeks.weeks[-1]) // 2, int(weeks.weeks[-1])):
        asked = clients.filter(pl.col("week_arrived") <= week)
        here = {name: int(values[week]) for name, values in weeks.counts.items()}
        assert sum(here.values()) == weeks.arrived[week] == asked.height
        over = asked.filter(pl.col("week_ended") <= week)
        for name in ("completed", "dropped_out", "session_limit", "never_started"):
            assert here[name] == over.filter(pl.col("status") == name).height
        treated = asked.filter(
            (pl.col("week_started") <= week)
            & (pl.col("week_ended").is_null() | (pl.col("week_ended") > week))
        )
        assert here["in_treatment"] == treated.height
    final = clients.filter(pl.col("week_arrived") < picture.parameters.weeks)["status"]
    for name, values in weeks.counts.items():
        assert values[-1] == (final == name).sum()


def test_dropout_by_thirds_is_counted_from_the_clients(clinic: tuple[Picture, Result]) -> None:
    picture, result = clinic
    clients = began(result)
    third = result.sessions.filter(pl.col("session") == 3).select(
        "replicate", "client", pl.col("wai_sr_client").cast(pl.Float64).alias(EARLY_ALLIANCE)
    )
    clients = clients.join(third, on=["replicate", "client"], how="left")
    for trait, found in picture.who_drops_out.items():
        known = clients.filter(pl.col(trait).is_not_null()).sort(trait)
        low, high = found.edges
        groups = [
            known.filter(pl.col(trait) <= low),
            known.filter((pl.col(trait) > low) & (pl.col(trait) <= high)),
            known.filter(pl.col(trait) > high),
        ]
        assert found.number.tolist() == [group.height for group in groups]
        assert found.dropped.tolist() == [
            (group["status"] == "dropped_out").sum() for group in groups
        ]
        if trait != EARLY_ALLIANCE:
            assert max(found.number) - min(found.number) <= 2
        assert (found.rate.low <= found.rate.value).all()
        assert (found.rate.value <= found.rate.high).all()


def test_fatigue_week_by_week_is_what_the_clinic_wrote_down(
    clinic: tuple[Picture, Result],
) -> None:
    picture, result = clinic
    team, staff = picture.team, result.therapists.filter(pl.col("replicate") == 0)
    weeks = picture.team.fatigue.shape[1]
    if picture.replicates == 1:
        assert team.fatigue[:, -1].tolist() == staff["fatigue_last"].to_list()
        assert team.fatigue.mean(axis=1) == pytest.approx(staff["fatigue_mean"].to_numpy())
    stopped = simulate(picture.parameters.replace(weeks=weeks // 2), seed=picture.seed)
    assert team.fatigue[:, weeks // 2 - 1].tolist() == stopped.therapists["fatigue_last"].to_list()


def test_caseloads_and_their_alliance_are_those_in_treatment_that_week(
    clinic: tuple[Picture, Result],
) -> None:
    picture, result = clinic
    clients = began(result).filter(pl.col("replicate") == 0)
    sessions = result.sessions.filter(pl.col("replicate") == 0)
    for week in (0, 1, 6, 13, int(picture.team.weeks[-1])):
        here = clients.filter(
            (pl.col("week_started") <= week)
            & (pl.col("week_ended").is_null() | (pl.col("week_ended") >= week))
        )
        latest = (
            sessions.filter(pl.col("week") <= week)
            .join(here.select("client"), on="client")
            .group_by("therapist", "client")
            .agg(pl.col("alliance").sort_by("session").last())
        )
        for therapist in range(picture.parameters.therapists):
            own = latest.filter(pl.col("therapist") == therapist)["alliance"]
            assert picture.team.caseload[therapist, week] == len(own)
            mean = picture.team.alliance[therapist, week]
            assert math.isnan(mean) if len(own) == 0 else mean == pytest.approx(own.mean())


def test_dropouts_of_therapists_add_up(clinic: tuple[Picture, Result]) -> None:
    picture, result = clinic
    own = result.clients.filter(pl.col("replicate") == 0)
    assert picture.team.dropped_out.sum() == (own["status"] == "dropped_out").sum()
    assert picture.team.clients_seen.sum() == (own["sessions"] > 0).sum()


def test_the_team_is_drawn_in_the_same_places_inside_the_frame(
    clinic: tuple[Picture, Result],
) -> None:
    picture, _ = clinic
    again = clinic_picture(picture.parameters, picture.seed, picture.replicates, shared=Shared())
    places = picture.team.places
    assert places.tolist() == again.team.places.tolist()
    assert ((places >= 0) & (places <= 1)).all()
    assert len(np.unique(places.round(3), axis=0)) == picture.parameters.therapists


@pytest.mark.parametrize("kind", ["none", "pairs", "ring", "small_world", "hub", "complete"])
@pytest.mark.parametrize("team", [1, 2, 7])
def test_every_network_can_be_drawn(kind: str, team: int) -> None:
    parameters = Parameters(clients=10, therapists=team, supervision_network=kind)
    figure = team_figures.team_figure(clinic_picture(parameters, shared=Shared()))
    assert len(figure.nodes) == len(figure.places) == team
    assert all(one < team and other < team for one, other in figure.edges)


def test_a_picture_is_shared_by_all_who_ask_and_small() -> None:
    shared = Shared()
    one = clinic_picture(SMALL, 1, shared=shared)
    assert clinic_picture(SMALL.replace(), 1, shared=shared) is one
    assert clinic_picture(SMALL, 2, shared=shared) is not one
    assert sum(array.nbytes for array in arrays_in(one)) < 200_000
    with pytest.raises(ValueError, match="read-only"):
        one.team.fatigue[0, 0] = 1
    with pytest.raises(TypeError):
        one.headlines["dropout_rate"] = 0.0  # type: ignore[index]


def test_headlines_say_what_the_table_says(clinic: tuple[Picture, Result]) -> None:
    picture, result = clinic
    rates = [
        (group["status"] == "dropped_out").mean()
        for _, group in began(result).group_by("replicate")
    ]
    assert picture.headlines["dropout_rate"] == pytest.approx(np.mean(rates))
    assert figures.headlines(picture)[0].value == f"{100 * np.mean(rates):.1f} %"


def test_a_clinic_too_large_to_look_at_is_refused() -> None:
    with pytest.raises(AllianceError, match="too many to look at"):
        clinic_picture(Parameters(clients=20_001))


ODD_CLINICS = {
    "small": SMALL,
    "one client": Parameters(clients=1, therapists=1),
    "one therapist": SMALL.replace(therapists=1),
    "nobody came": Parameters(clients=3, therapists=1, weeks=1, arrivals_per_week=0.01),
    "one session": Parameters(clients=5, therapists=2, session_limit=1, weeks=2),
    "nobody drops out": SMALL.replace(clients=20, dropout_first=-10.0, dropout_later=-10.0),
    "everybody drops out": SMALL.replace(
        clients=20, dropout_first=5.0, dropout_later=5.0, planned_exit=0.0
    ),
    "no supervision": SMALL.replace(supervision_network="none"),
}


def every_figure(picture: Picture, week: int | None) -> list[object]:
    return [
        course_figures.survival_figure(picture),
        course_figures.alliance_figure(picture),
        course_figures.alliance_figure(picture, reported=False, split=False),
        course_figures.distress_figure(picture),
        course_figures.number_figure(picture),
        figures.weeks_figure(picture, week),
        figures.dropout_figure(picture),
        team_figures.team_figure(picture, week),
        team_figures.team_figure(picture, week, colour="alliance"),
        team_figures.caseload_figure(picture, week),
        team_figures.therapist_dropout_figure(picture),
    ]


@pytest.mark.parametrize("week", [None, 0, 5, 10_000])
@pytest.mark.parametrize("parameters", ODD_CLINICS.values(), ids=ODD_CLINICS.keys())
def test_every_figure_of_every_clinic_is_plain_and_says_something(
    parameters: Parameters, week: int | None
) -> None:
    picture = clinic_picture(parameters, shared=Shared())
    for figure in every_figure(picture, week):
        plain = as_json(figure)
        assert plain["title"]
        assert plain["summary"].endswith(".")
        assert "nan" not in repr(plain)
        if isinstance(figure, Lines):
            assert all(len(one.values) == len(figure.xs) for one in figure.series)


def test_the_stack_of_weeks_adds_up_to_all_who_asked() -> None:
    picture = clinic_picture(SMALL, shared=Shared())
    figure = figures.weeks_figure(picture, 7)
    total = [
        sum(value or 0 for value in column)
        for column in zip(*(s.values for s in figure.series), strict=True)
    ]
    assert total == picture.weeks.arrived.tolist()
    assert figure.cursor == 8


def test_the_sentence_about_dropout_is_computed() -> None:
    picture = clinic_picture(SMALL, shared=Shared())
    share = round(100 * picture.dropped_out / picture.began)
    said = course_figures.survival_figure(picture).summary
    assert (
        picture.survival.left[picture.dropped_out_by] >= picture.survival.left[-1] / 2 - 1e-9
    ).all()
    assert said.startswith(
        f"Of {picture.began} who began, {share} % dropped out, at least half of them"
    )
    nobody = replace(picture, dropped_out=0)
    assert "nobody dropped out" in course_figures.survival_figure(nobody).summary


@pytest.mark.parametrize("parameters", ODD_CLINICS.values(), ids=ODD_CLINICS.keys())
def test_no_band_leaves_what_its_questionnaire_can_say(parameters: Parameters) -> None:
    picture = clinic_picture(parameters, shared=Shared())
    for reported in (True, False):
        for make, measure in (
            (course_figures.alliance_figure, ("alliance", "wai_sr_client")),
            (course_figures.distress_figure, ("distress", "core_10")),
        ):
            low, high = course_axes.reach_of(measure[reported])
            for one in make(picture, reported=reported).series:
                assert all(v is None or low <= v <= high for v in (*one.low, *one.high))


def test_a_wide_band_is_cut_at_the_ends_of_its_questionnaire() -> None:
    wide = [
        seed
        for seed in range(1, 30)
        if (
            mean := clinic_picture(Parameters(clients=4, therapists=2), seed, shared=Shared())
            .courses["wai_sr_client"][EVERYBODY]
            .mean
        ).high.max(where=np.isfinite(mean.high), initial=0.0)
        > 60
    ]
    assert wide, "no clinic whose interval would leave the questionnaire"
    picture = clinic_picture(Parameters(clients=4, therapists=2), wide[0], shared=Shared())
    assert (
        max(v for v in course_figures.alliance_figure(picture).series[0].high if v is not None)
        == 60
    )


def test_every_curve_over_sessions_says_how_many_are_still_there(
    clinic: tuple[Picture, Result],
) -> None:
    picture, result = clinic
    held = result.sessions.group_by("session").len().sort("session")["len"].to_list()
    for figure in (
        course_figures.alliance_figure(picture),
        course_figures.distress_figure(picture),
    ):
        assert figure.counted
        assert [int(n or 0) for n in figure.series[0].number] == held
    staying = course_figures.survival_figure(picture)
    assert staying.counted
    # After no session all who began are there, after the first those who held a second.
    assert [int(n or 0) for n in staying.series[0].number] == [*held, 0]


def test_whoever_is_there_comes_down_in_steps() -> None:
    picture = clinic_picture(SMALL, shared=Shared())
    for figure in (course_figures.survival_figure(picture), course_figures.number_figure(picture)):
        assert figure.steps
    assert all(one.values[-1] == 0 for one in course_figures.number_figure(picture).series)


SAID_OF_ODD_CLINICS = {
    "one client": ("nobody supervises anybody", "no caseload is full", "fatigue is 0."),
    "one therapist": ("of the therapist's clients dropped out", "the caseload is full"),
    "nobody came": ("At the end of week 1 nobody has asked yet", "Nobody has seen a client"),
    "one session": ("of 5 clients; too few hold a second session",),
    "nobody drops out": ("Nobody dropped out.", "0 % of every therapist's clients dropped out"),
    "everybody drops out": ("Everybody dropped out.", "100 % of every therapist's clients"),
    "no supervision": ("6 therapists, nobody supervises anybody",),
}


@pytest.mark.parametrize(("name", "said"), SAID_OF_ODD_CLINICS.items())
def test_sentences_fit_clinics_with_little_to_tell(name: str, said: tuple[str, ...]) -> None:
    picture = clinic_picture(ODD_CLINICS[name], shared=Shared())
    told = " ".join(str(figure.summary) for figure in every_figure(picture, 5))  # type: ignore[attr-defined]
    for words in said:
        assert words in told
    assert "from 0 % to 0 %" not in told.lower()
    assert "0 ties" not in told


def test_a_curve_with_too_few_clients_has_no_name_without_a_line() -> None:
    picture = clinic_picture(ODD_CLINICS["one client"], shared=Shared())
    for one in course_figures.alliance_figure(picture).series:
        assert any(value is not None for value in one.values), one.name
