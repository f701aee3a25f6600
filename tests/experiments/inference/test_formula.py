"""Formulas are read as R reads them."""

from __future__ import annotations

import pytest

from experiments.inference.formula import RandomPart, read_formula, term_name
from simulation.errors import AllianceError


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("y ~ base + arm", ["1", "base", "arm"]),
        ("y ~ 1", ["1"]),
        ("y ~ 0 + arm", ["arm"]),
        ("y ~ arm - 1", ["arm"]),
        ("y ~ -1 + arm", ["arm"]),
        ("y ~ week*arm", ["1", "week", "arm", "week:arm"]),
        ("y ~ week:arm + week", ["1", "week", "week:arm"]),
        ("y ~ arm*week - arm", ["1", "week", "arm:week"]),
        ("y ~ a*b*c", ["1", "a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
        ("y ~ arm + arm + week:arm + arm:week", ["1", "arm", "week:arm"]),
        ("y ~ `CORE 10` + größe_1 + x.y", ["1", "CORE 10", "größe_1", "x.y"]),
    ],
)
def test_fixed_effects(text: str, fixed: list[str]) -> None:
    assert [term_name(term) for term in read_formula(text).fixed] == fixed


@pytest.mark.parametrize(
    ("text", "random"),
    [
        ("(1 | t)", [RandomPart(((),), ("t",), True)]),
        ("(arm | t)", [RandomPart(((), ("arm",)), ("t",), True)]),
        ("(1 + arm || t)", [RandomPart(((), ("arm",)), ("t",), False)]),
        ("(0 + arm | t)", [RandomPart((("arm",),), ("t",), True)]),
        ("(arm - 1 | t)", [RandomPart((("arm",),), ("t",), True)]),
        ("(1 | c/t)", [RandomPart(((),), ("c",), True), RandomPart(((),), ("c", "t"), True)]),
        ("(1 | c:t)", [RandomPart(((),), ("c", "t"), True)]),
    ],
)
def test_random_effects(text: str, random: list[RandomPart]) -> None:
    assert list(read_formula(f"y ~ arm + {text}").random) == random


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("y", "~ is missing"),
        ("y ~", "it ends too early"),
        ("y ~ arm +", "it ends too early"),
        ("~ arm", "~ stands where a column should"),
        ("y ~ arm arm2", "arm2 stands where + should"),
        ("y ~ log(base)", "log() is no function of it, only factor() is; compute the column first"),
        ("y ~ arm^2", "^ has no meaning in it"),
        ("y ~ 2 + arm", "2 stands where a column, 0 or 1 should"),
        ("y ~ arm + (1 therapist)", "a term in brackets needs a | before its group"),
        ("y ~ arm + (0 | t)", "a term in brackets has no effect before its |"),
        ("y ~ arm + (1 | t", ") is missing"),
        ("y ~ arm - (1 | t)", "a random effect cannot be taken away"),
        ("y ~ arm + (factor(x) | t)", "factor() is for fixed effects"),
    ],
)
def test_a_formula_that_is_none_is_refused_in_one_sentence(text: str, why: str) -> None:
    with pytest.raises(AllianceError) as raised:
        read_formula(text)
    assert why in str(raised.value)
    assert "\n" not in str(raised.value)
