"""Charts of the session room show the numbers of the therapy, up to the cursor."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from dashboards.charts.figures import fixed
from dashboards.therapies.course import LEVELS, VISIBLE, events, values
from dashboards.therapies.figures import felt, reported
from dashboards.therapies.playing import counterfactuals, play
from dashboards.therapies.quantities import FELT
from dashboards.therapies.stances import STANCES
from dashboards.therapies.summary import stands
from dashboards.therapies.therapy import Setup, Therapy
from dashboards.therapies.wording import NOW, share
from simulation import Parameters
from simulation.clinic import STATUS_OF_ENDING
from simulation.instruments import INSTRUMENTS


@pytest.fixture(scope="module")
def therapy() -> Therapy:
    """Return a long therapy."""
    return play(Setup.of("exacting", "clear", number=49), "llhcab")


def test_what_is_felt_is_drawn_from_before_the_first_session(therapy) -> None:
    together, alliance, dropout = felt(therapy)
    trust, distress = together.series
    assert alliance.xs == tuple(float(x) for x in range(13))
    assert [series.name for series in alliance.series] == ["Alliance", "Bond", "Task", "Goal"]
    last = therapy.state
    assert alliance.series[0].values[0] == pytest.approx(therapy.start.alliance, abs=1e-4)
    for series, value in zip(
        alliance.series, (last.alliance, last.bond, last.task, last.goal), strict=True
    ):
        assert series.values[-1] == pytest.approx(value, abs=1e-4)
    assert trust.values[5] == pytest.approx(therapy.records[4].after.trust, abs=1e-4)
    assert distress.values[5] == pytest.approx(therapy.records[4].after.distress, abs=1e-4)
    assert dropout.series[0].values[0] is None
    assert dropout.series[0].values[5] == pytest.approx(
        therapy.records[4].events.dropout_probability, abs=1e-4
    )
    assert dropout.y.percent


def test_what_is_reported_has_the_ranges_of_the_instruments(therapy) -> None:
    core, wai, parts, trust, frame, csq = reported(therapy)
    reports = therapy.records[6].reports
    assert (wai.y.low, wai.y.high) == (12, 60)
    assert (parts.y.low, parts.y.high) == (4, 20)
    assert (core.y.low, core.y.high) == (0, 40)
    assert (csq.y.low, csq.y.high) == (8, 32)
    assert (trust.y.low, trust.y.high) == INSTRUMENTS["trust_trs"].range
    assert (frame.y.low, frame.y.high) == INSTRUMENTS["frame_too_distant"].range
    assert [s.values[7] for s in wai.series] == [reports.wai_sr_client, reports.wai_sr_therapist]
    assert [s.values[7] for s in parts.series] == [
        reports.wai_sr_client_bond,
        reports.wai_sr_client_task,
        reports.wai_sr_client_goal,
    ]
    assert trust.series[0].values[7] == reports.trust_trs
    assert [s.values[7] for s in frame.series] == pytest.approx(
        [reports.frame_too_close, reports.frame_too_distant]
    )
    assert core.series[0].values[0] == therapy.core_10_intake
    assert core.series[0].values[7] == reports.core_10
    assert csq.series[0].values[:2] == (None, therapy.records[0].reports.csq_8)


@pytest.mark.parametrize("cursor", [0, 1, 5, 12])
def test_nothing_after_the_cursor_is_shown(therapy, cursor) -> None:
    others = counterfactuals(therapy.setup, "llhcab", 3)
    for picture in felt(therapy, cursor, others) + reported(therapy, cursor, others):
        assert picture.cursor == cursor
        assert max(picture.xs) == cursor
        assert all(len(series.values) == cursor + 1 for series in picture.series)
        assert all(mark.x <= cursor for mark in picture.marks)
        assert picture.x.high == 20
    assert felt(therapy, cursor)[0].summary == felt(therapy.until(cursor))[0].summary


def test_other_choices_begin_where_the_choice_was_and_are_called_by_it() -> None:
    setup = Setup.of("clinging", "warm")
    therapy, others = play(setup, "ll"), counterfactuals(setup, "ll", 2)
    together = felt(therapy, None, others)[0]
    drawn = [series for series in together.series if series.role == "ghost"]
    assert drawn
    for series in drawn:
        titles, _, what = series.name.partition(": ")
        letters = [letter for letter, one in STANCES.items() if one.title in titles]
        assert letters
        played = next(one for one in together.series if one.name == what.capitalize())
        assert series.values[0] is None
        assert series.values[1] == played.values[1]
        last = others[letters[0]].records[-1]
        assert series.values[last.session] == pytest.approx(getattr(last.after, what), abs=1e-4)
        assert len(series.values) == len(together.xs)


def test_other_choices_are_drawn_where_they_differ_visibly_and_nowhere_else(therapy) -> None:
    others = counterfactuals(therapy.setup, "llhcab", 4)
    together, *rest = felt(therapy, 9, others)
    drawn = [
        (together, VISIBLE, [partial(values, name=level.name) for level in LEVELS]),
        *((figure, one.visible, [one.course]) for figure, one in zip(rest, FELT, strict=True)),
    ]
    for figure, visible, courses in drawn:
        named = " ".join(one.name for one in figure.series if one.role == "ghost")
        for letter, other in others.items():
            pairs = [(one(therapy.until(9)), one(other.until(9))) for one in courses]
            differs = any(
                len(mine) != len(theirs) or max(abs(np.subtract(mine, theirs)[1:])) >= visible
                for mine, theirs in pairs
            )
            assert (STANCES[letter].title in named) == differs
    same = felt(therapy, None, {"c": therapy})[0]
    assert all(one.role != "ghost" for one in same.series)
    assert same.summary.endswith("The other choice would have made no visible difference.")


def test_events_are_those_of_the_records(therapy) -> None:
    found = events(therapy)
    torn = [record for record in therapy.records if record.rupture != "none"]
    assert [mark.x for mark in found if mark.kind in {"rupture", "repair"}] == [
        r.session for r in torn
    ]
    assert sum(mark.kind == "repair" for mark in found) == sum(r.repaired for r in torn)
    assert events(therapy.until(6)) == tuple(mark for mark in found if mark.x <= 6) != found
    assert found[-1].kind == "ending"
    assert found[-1].x == 12
    assert found[-1].label == "Therapy ended as planned"
    tested = play(Setup(parameters=Parameters(test_base=4.0)), "h", 1)
    assert events(tested)[0].label == "Limit held"


def test_summaries_state_the_finding(therapy) -> None:
    alliance = felt(therapy)[1].summary
    a, b = share(therapy.start.alliance), share(therapy.state.alliance)
    assert alliance.startswith(
        f"Alliance rose from {a} to {b} over 12 sessions; four ruptures, one repaired."
    )
    trust = felt(therapy)[0].summary
    start, end = therapy.start.distress, therapy.state.distress
    assert trust.startswith(
        f"Trust rose from .52 to .76 over 12 sessions, distress fell from {share(start)} to {share(end)}; "
    )
    core = reported(therapy)[0].summary
    assert f"fell from {therapy.core_10_intake:.0f} to 3 over 12 sessions" in core
    assert felt(therapy, 0)[1].summary == "Alliance: no session has been held yet."


def test_a_chance_is_written_as_in_its_table(therapy) -> None:
    chance = felt(therapy.until(5))[2]
    first, last = (fixed(100 * chance.series[0].values[at], 1) for at in (1, 5))
    assert f"from {first} % to {last} % over five sessions" in chance.summary
    assert stands(therapy.until(5))[1].endswith(" %")


def test_nothing_is_at_its_end_before_the_therapy_is(therapy) -> None:
    over, going_on = felt(therapy)[1].summary, felt(therapy.until(5))[1].summary
    assert therapy.ending is not None
    assert "Bond at the end: " in over
    assert "Bond now: " in going_on
    assert "end" not in going_on


@pytest.mark.parametrize(
    ("ending", "shown", "said"),
    [
        ("completed", False, "The therapy ended as planned, and nobody can drop out any more."),
        ("session_limit", False, "nobody can drop out any more."),
        ("boundary_violation", False, "nobody can drop out any more."),
        ("dropped_out", True, "The therapy ended with the client not coming back."),
    ],
)
def test_once_a_therapy_is_over_its_ending_stands_in_place_of_a_chance(
    therapy, ending, shown, said
) -> None:
    number = {name: code for code, name in STATUS_OF_ENDING.items()}[ending]
    last = therapy.records[-1]
    over = replace(last, events=last.events._replace(ending=number))
    ended = replace(therapy, records=(*therapy.records[:-1], over))
    chance = felt(ended)[2]
    assert (chance.series[0].values[-1] is not None) == shown
    assert chance.series[0].values[-2] is not None
    assert said in chance.summary
    name, value, remark = stands(ended)
    assert (name, value, remark) == ("Ended", NOW[ending], "after session 12")
    going_on = ended.until(11)
    assert felt(going_on)[2].series[0].values[-1] is not None
    assert "ended" not in felt(going_on)[2].summary
    assert stands(going_on)[0] == "Chance of dropout"
    alone = replace(therapy, records=(over,))
    assert said in felt(alone)[2].summary
