"""What an analysis may give back, and what it is told where that is no answer."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from experiments.audition.protocol import AnswerError, answer_of, answer_of_text


def test_degrees_of_freedom_give_p_and_interval_by_students_t() -> None:
    answer = answer_of((2.0, 1.0, 8))
    assert answer.p == pytest.approx(2 * stats.t.sf(2.0, 8), rel=1e-12)
    assert answer.high == pytest.approx(2.0 + stats.t.ppf(0.975, 8), rel=1e-12)


def test_a_p_value_is_taken_as_it_is_and_the_interval_is_normal() -> None:
    answer = answer_of((2.0, 1.0, 0.03))
    assert answer.p == 0.03
    assert answer.low == pytest.approx(2.0 - stats.norm.ppf(0.975), rel=1e-12)
    assert math.isnan(answer.df)


def test_infinite_degrees_of_freedom_are_a_normal_test() -> None:
    assert answer_of((1.0, 0.5, math.inf)).p == pytest.approx(2 * stats.norm.sf(2.0), rel=1e-12)


def test_an_interval_of_the_analysis_goes_before_ours() -> None:
    answer = answer_of({"estimate": 1, "se": 0.5, "p": 0.04, "conf.low": 0.1, "conf.high": 2.2})
    assert (answer.low, answer.high) == (0.1, 2.2)


@pytest.mark.parametrize(
    "text",
    [
        '{"estimate": 1.5, "se": 0.5, "p": 0.01}',
        'Loading required package: lme4\n{"estimate":[1.5],"se":[0.5],"p":[0.01]}\n',
        '[{"estimate": 1.5, "std.error": 0.5, "p.value": 0.01}]',
        '"","estimate","std.error","p.value"\n"1",1.5,0.5,0.01\n',
        "[1] noise\nestimate,se,df,p\n1.5,0.5,NA,0.01\n",
    ],
)
def test_what_commands_write(text: str) -> None:
    answer = answer_of_text(text)
    assert (answer.estimate, answer.error, answer.p) == (1.5, 0.5, 0.01)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((1.0, 0.5, 1), "degrees of freedom or a p-value"),
        ((1.0, 0.0, 8), "not positive"),
        ((math.nan, 0.5, 8), "no estimate"),
        ((1.0, 0.5), "no .estimate"),
        ({"estimate": 1, "se": 0.5}, "neither degrees"),
        ({"estimate": 1, "se": 0.5, "p": 1.2}, "from 0 to 1"),
        ({"estimate": "much", "se": 0.5, "p": 0.2}, "'much'"),
        (None, "no .estimate"),
    ],
)
def test_what_is_no_answer_says_so(given: object, said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        answer_of(given)


def test_a_command_that_only_talks_gives_no_answer() -> None:
    with pytest.raises(AnswerError, match="neither a JSON object nor CSV"):
        answer_of_text("Error in lm: singular\n")
