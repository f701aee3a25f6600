"""What choices add up to: told apart from luck, and by no more than the runs show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboards.therapies.constant_stance import (
    Average,
    averages,
    finding,
    under_same_draws,
    ways,
)
from dashboards.therapies.playing import play
from dashboards.therapies.stances import STANCES
from dashboards.therapies.therapy import Setup
from experiments.quantities.estimate import Estimate

SETUP = Setup.of("wary", "warm")


def test_the_therapy_played_stands_beside_their_own_way_and_every_stance_kept_up() -> None:
    names = [name for name, _ in ways("lch")]
    assert names[:2] == ["As you played it", "In their own way"]
    assert len(names) == len(STANCES) + 1
    assert [name for name, _ in ways("ooo")] == names[1:]


def test_every_way_meets_the_same_luck() -> None:
    once = dict(under_same_draws(SETUP, "lch"))
    assert once["As you played it"] == play(SETUP, "lch", 100)
    assert once["Bend it"] == play(SETUP, "b" * 100, 100)
    assert once["In their own way"].records[0].draws == (once["Let it pass"].records[0].draws)


def test_averages_are_those_of_the_therapies_under_other_draws() -> None:
    *_, last = averages(SETUP, "lch", 12)
    played = [play(replace(SETUP, number=draw), "lch", 100) for draw in range(1, 13)]
    assert last[0].draws == 12
    assert last[0].sessions == pytest.approx(sum(map(len, played)) / 12)
    assert last[0].dropped_out == pytest.approx(
        sum(one.ending == "dropped_out" for one in played) / 12
    )
    assert last[0].trust == pytest.approx(sum(one.state.trust for one in played) / 12)
    for name, gap in last[0].beside:
        assert gap.value == pytest.approx(getattr(last[0], name) - getattr(last[1], name))
    assert last[1].beside == ()


def test_what_is_said_of_a_way_is_sure_and_worth_saying() -> None:
    own = Average("Own", 100, 0.3, 9.0, 0.5, 0.5, 0.4, ())
    sure = (("alliance", Estimate(-0.1, -0.13, -0.07)), ("trust", Estimate(0.03, 0.02, 0.04)))
    low = replace(own, way="Low", beside=sure)
    open_ = replace(own, way="Open", beside=(("trust", Estimate(0.02, -0.01, 0.05)),))
    tiny = replace(own, way="Tiny", beside=(("trust", Estimate(0.002, 0.001, 0.003)),))
    text = finding((own, low, open_, tiny))
    assert text.startswith("Over 100 draws")
    assert "“Low”: alliance .10 lower (.07 to .13) and trust .03 higher (.02 to .04)." in text
    assert "“Open” and “Tiny” cannot be told from it or differ by less than .01." in text


def test_letting_ruptures_pass_harms_and_this_is_found_out() -> None:
    *_, last = averages(SETUP, "", 60)
    assert "“Let it pass”: alliance" in finding(last)
    passing = next(one for one in last if one.way.startswith("Let it pass"))
    assert dict(passing.beside)["alliance"].high < 0
