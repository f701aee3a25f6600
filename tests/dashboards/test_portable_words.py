"""The session room says and draws the same in JavaScript as in Python, sentence by sentence, line by line."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from dashboards.charts.figures import as_json
from dashboards.portable.model import model_script
from dashboards.therapies.course import course
from dashboards.therapies.playing import counterfactuals, play
from dashboards.therapies.story import log, situation_text, tell
from dashboards.therapies.summary import stands, summary
from dashboards.therapies.wording import share
from experiments.quantities.writing import fixed, percent
from tests.dashboards.drawn_therapies import Settings, drawn_settings, every_pair, setup_of
from tests.dashboards.javascript import bits, run

SAY = """
return given.map((settings) => {
  const therapy = Alliance.replay(settings, settings.stances);
  const awaited = [0, ...therapy.records.map((one) => one.session)]
    .map((session) => Alliance.situationText(Alliance.back(therapy, session)));
  const others = therapy.length === 0 ? {} : Alliance.others(therapy, settings.at);
  const compared = Object.entries(others).map(([letter, other]) => [letter, Alliance.summary(other)]);
  const charts = [Alliance.course(therapy), Alliance.course(therapy, others, settings.at)];
  return [Alliance.story(therapy), awaited, Alliance.summary(therapy, others, settings.at), compared, charts];
});
"""


def said(one: Settings) -> Any:
    """Say all that there is to say of a therapy, of what awaited the therapist, of other choices, and draw it."""
    setup, letters = setup_of(one), one["stances"]
    therapy = play(setup, letters, len(letters))
    awaited = [therapy.until(session).situation for session in range(len(therapy) + 1)]
    situations = [None if now is None else situation_text(now) for now in awaited]
    story = {
        "sessions": list(log(therapy)),
        "situation": situations[-1],
        "summary": summary(therapy),
        "stands": list(stands(therapy)) if therapy.records else None,
    }
    others = {}
    if therapy.records:
        others = counterfactuals(setup, therapy.stances, one["at"], len(therapy))
    compared = [[letter, summary(other)] for letter, other in others.items()]
    charts = [as_json(course(therapy, {})), as_json(course(therapy, others, one["at"]))]
    return [story, situations, summary(therapy, others, one["at"]), compared, charts]


def test_every_sentence_and_chart_of_336_therapies_is_the_same() -> None:
    random = Random(4)
    drawn = []
    for pair in every_pair():
        for k in range(8):
            one = drawn_settings(random, *pair, own=k > 3, share=0.2 if k > 5 else 0.0)
            held = len(play(setup_of(one), one["stances"], len(one["stances"])))
            drawn.append({**one, "at": random.randint(1, max(1, held))})
    assert len(drawn) == 336
    here, there = [said(one) for one in drawn], run(model_script(), SAY, drawn)
    for one, mine, theirs in zip(drawn, here, there, strict=True):
        assert mine == theirs, one
    sentences = {text for story, *_ in here for text in story["sessions"]}
    assert len(sentences) > 1_000
    lines = [line for *_, charts in here for chart in charts for line in chart["series"]]
    assert sum(line["role"] == "ghost" for line in lines) > 0.85 * len(drawn)


def test_a_session_is_told_as_the_log_tells_it() -> None:
    random = Random(5)
    drawn = (drawn_settings(random, "wary", "warm") for _ in range(100))
    one = next(one for one in drawn if len(play(setup_of(one), "lll", 3)) > 1)
    code = "return Alliance.tell(Alliance.replay(given, 'lll'), 2);"
    assert run(model_script(), code, one) == tell(play(setup_of(one), "lll", 3), 2)


def near_ties(digits: int) -> st.SearchStrategy[float]:
    """Numbers halfway between two with so many digits, exactly or by a last bit."""
    halves = st.integers(-(10**6), 10**6).map(lambda n: (n + 0.5) / 10**digits)
    return halves.flatmap(
        lambda x: st.sampled_from([x, float.fromhex(x.hex()) * (1 + 2**-52), x * (1 - 2**-53)])
    )


NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-1000, 1000),
    near_ties(0),
    near_ties(2),
    near_ties(6),
    st.sampled_from([0.125, 0.375, 2.5, 3.5, 0.5, -0.5, -0.0, 1e21, 0.5078125, 100000.5, 5e-324]),
)


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(NUMBERS, min_size=200, max_size=400))
@example([0.125, 0.375, 0.625, 2.675, 1.005, 0.045, 8.5, 9.5, -0.125, -0.004, -0.0, 0.0])
def test_numbers_are_written_alike(numbers: list[float]) -> None:
    module = model_script().replace(
        "percent: percent,", "percent, decimals: $decimals, general: $general,"
    )
    code = """
    return given.map(fromBits).map((x) => [
      Alliance.decimals(x, 0), Alliance.decimals(x, 2), Alliance.decimals(x, 6), Alliance.general(x),
      ...(Math.abs(x) < 1e15 || !Number.isFinite(x) ? [Alliance.fixed(x, 0), Alliance.fixed(x, 2)] : []),
      ...(x >= 0 && x <= 1 ? [Alliance.share(x), Alliance.percent(x)] : []),
    ]);"""
    here = [
        [
            *(f"{x:.0f}", f"{x:.2f}", f"{x:.6f}", f"{x:g}"),
            *([fixed(x, 0), fixed(x, 2)] if not 1e15 <= abs(x) < float("inf") else []),
            *([share(x), percent(x)] if 0 <= x <= 1 else []),
        ]
        for x in numbers
    ]
    assert run(module, code, [bits(x) for x in numbers]) == here


def test_a_tie_to_the_even_digit_is_not_what_a_browser_writes() -> None:
    code = "return [(0.125).toFixed(2), (0.375).toFixed(2), (2.5).toFixed(0)];"
    assert run(model_script(), code) == ["0.13", "0.38", "3"]
    assert [f"{0.125:.2f}", f"{0.375:.2f}", f"{2.5:.0f}"] == ["0.12", "0.38", "2"]
