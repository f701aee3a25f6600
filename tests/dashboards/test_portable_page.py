"""What a page can do with the model in JavaScript: play, go back, ask for other choices, and be refused."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.portable.model import PAGE, model_script
from dashboards.therapies.stances import STANCES
from simulation.coefficients import numbers
from simulation.errors import AllianceError
from simulation.parameters import Parameters
from tests.dashboards.drawn_therapies import setup_of
from tests.dashboards.javascript import run


def page(code: str, given: Any = None) -> Any:
    return run(model_script(), code, given)


def test_a_page_sees_one_name_with_all_that_it_is_promised() -> None:
    script = model_script()
    assert script.count("\nexport") + script.startswith("export const Alliance") == 1
    assert page("return Object.keys(Alliance)") == [*PAGE, "python"]
    assert "</" not in script, "a script in a page would end there"
    for reached in ("import ", "fetch(", "XMLHttpRequest", "http://", "https://"):
        assert reached not in script


LONG = """
const seed = [...Array(100).keys()].find((seed) => Alliance.replay({ seed }, "lchbap", 100).length > 8);
"""
"""A seed under which the therapy lasts for more than eight sessions."""


def test_step_by_step_is_the_therapy_played_at_once() -> None:
    code = """
    let therapy = Alliance.newTherapy({ seed });
    for (const letter of "lchbap") therapy = Alliance.step(therapy, letter);
    const both = [therapy, Alliance.replay({ seed }, "lchbap")];
    return both.map((one) => one.records.map(({ stance, after }) => [stance, Object.values(after)]));
    """
    stepped, at_once = page(LONG + code)
    assert stepped == at_once
    assert "".join(letter for letter, _ in stepped) == "lchbap"


def test_a_therapy_is_a_value_that_steps_leave_alone() -> None:
    code = """
    const start = Alliance.newTherapy({ seed }), before = JSON.stringify(start.start);
    const on = Alliance.playOn(start, "lchbap"), again = Alliance.back(on, 2);
    Alliance.others(on, 1);
    return [start.length, JSON.stringify(start.start) === before, again.length, on.ending !== null, on.length > 8];
    """
    assert page(LONG + code) == [0, True, 2, True, True]


def test_a_therapy_that_is_over_stays_over() -> None:
    code = """
    const over = Alliance.playOn(Alliance.newTherapy());
    return [Alliance.step(over, "l") === over, Alliance.situationText(over), over.situation, Alliance.choices(over)];
    """
    assert page(code) == [True, None, None, []]


def test_the_choices_are_those_of_the_dashboard_in_its_order() -> None:
    code = """
    const therapy = Alliance.step(Alliance.newTherapy({ seed }), "l");
    return [Alliance.choices(therapy).map((one) => one.letter), Object.keys(Alliance.others(therapy, 1))];
    """
    assert page(LONG + code) == [list(STANCES), [letter for letter in STANCES if letter != "l"]]


def test_another_number_is_another_draw_of_the_same_people() -> None:
    code = """
    const ends = [0, 1, 2].map((number) => Alliance.replay({ number }, "", 100).state.trust);
    return new Set(ends).size;
    """
    assert page(code) == 3


def refused(settings: dict[str, Any]) -> str:
    code = "try { Alliance.newTherapy(given); return ''; } catch (error) { return error.message; }"
    return str(page(code, settings))


@pytest.mark.parametrize(
    "changes",
    [
        {"empathy": 3},
        {"empathy": 0},
        {"session_limit": 0},
        {"session_limit": 10**9},
        {"assignment": "by_lot"},
        {"anxiety_with_avoidance": 0.9, "anxiety_with_trust": 0.9, "avoidance_with_trust": -0.9},
    ],
)
def test_a_parameter_out_of_bounds_is_refused_in_the_words_of_python(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(AllianceError) as refusal:
        numbers(Parameters(**changes))
    assert refused({"parameters": changes}) == str(refusal.value)


@pytest.mark.parametrize(
    ("who", "trait", "value"),
    [("client", "motivation", 7), ("therapist", "fatigue", -1), ("client", "impression", 3.5)],
)
def test_a_trait_out_of_bounds_is_refused_in_the_words_of_python(
    who: str, trait: str, value: float
) -> None:
    settings = {
        "client": "wary",
        "therapist": "warm",
        "traits": {f"{who}.{trait}": value},
        "parameters": {},
        "seed": "1",
        "number": 0,
    }
    with pytest.raises(AllianceError) as refusal:
        setup_of(settings)
    assert refused(settings) == str(refusal.value)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"seed": str(2**64)}, "seed = 18446744073709551616"),
        ({"seed": "-1"}, "seed = -1"),
        ({"seed": 2**53 + 1}, "seed = "),
        ({"number": 1.5}, "number = 1.5"),
        ({"client": "toString"}, "toString is not a described client"),
        ({"therapist": "nobody"}, "nobody is not a described therapist"),
        ({"preset": "none"}, "none is not a preset"),
        ({"parameters": {"__proto__x": 1}}, "__proto__x is not a parameter"),
        ({"parameters": {"empathy": "0.5"}}, "empathy = 0.5 is not allowed"),
        ({"traits": {"motivation": 0.5}}, "motivation is not a trait"),
        ({"traits": {"client.height": 0.5}}, "height is not a trait of a client"),
    ],
)
def test_what_an_address_may_bring_is_refused_in_one_sentence(
    settings: dict[str, Any], named: str
) -> None:
    assert refused(settings).startswith(named)


def test_an_unknown_stance_is_refused() -> None:
    code = (
        "try { Alliance.step(Alliance.newTherapy(), 'z'); } catch (error) { return error.message; }"
    )
    assert page(code).startswith("'z' is not a stance: choose among l (listen), ")
