"""At its end a therapy stands among the same choices under other luck."""

from __future__ import annotations

import re

from dashboards.rooms.session_dots import among_draws
from dashboards.therapies.constant_stance import DRAWS, repeated
from dashboards.therapies.playing import play
from dashboards.therapies.therapy import Setup
from dashboards.therapies.wording import share


def test_every_draw_is_a_dot_and_ones_own_is_marked_where_it_stands() -> None:
    therapy = play(Setup.of("clinging", "warm"), "lb")
    drawn = among_draws(therapy)
    others = repeated(therapy.setup, "".join(therapy.stances))
    assert len(others) == DRAWS == drawn.count("<circle")
    lower = sum(one.state.distress < therapy.state.distress for one in others)
    assert f"yours {share(therapy.state.distress)};" in drawn
    assert f"it was lower in {lower} and as high or higher in {DRAWS - lower}" in drawn
    (x,) = re.findall(r'<g class="own"><line x1="([\d.]+)"', drawn)
    left = sum(float(one) < float(x) for one in re.findall(r'<circle cx="([\d.]+)"', drawn))
    assert abs(left - lower) <= 20, "dots are piled in fortieths of the axis"
