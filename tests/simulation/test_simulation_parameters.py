"""The table of parameters: complete, checked, and answering mistakes in one sentence."""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, create_model

from simulation.coefficients import coefficients, numbers, unpack
from simulation.correlations import (
    CORRELATED,
    PAIRS,
    contradiction,
    correlation_matrix,
    loadings,
)
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS, Parameter, Parameters
from simulation.parameters.declaration import number
from simulation.parameters.table import GROUPS, _rows_of
from tests.simulation.clinics import any_parameters, parameter_sets

ROWS = list(PARAMETERS.values())
LEANING = re.compile(
    r"\b(lowers|lifts?|raises|makes|differ in) it\b|\bmuch (it|that)\b|^The same\b|\bsuch a\b"
    r"|\bthat (share|chance|warning|sensitivity)\b|\bfrom that\b|\brest of it\b|\bdoes\.$"
)
"""Words of a meaning that can only be understood from the meaning before."""

NUMBERS = [row for row in ROWS if row.kind in {"number", "integer"}]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_parameter_says_what_it_is(row: Parameter) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", row.name)
    assert row.unit
    assert row.meaning.endswith(".")
    assert row.meaning[0].isupper()
    assert not LEANING.search(row.meaning), "it is read alone: in a tooltip, in `alliance explain`"
    assert row.status in {"published", "calibrated", "assumed"}
    assert row.group
    assert re.fullmatch(r"([FC]\d+(, [FC]\d+)*)?", row.source), row.source
    assert getattr(Parameters(), row.name) == row.default


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.status != "assumed"], ids=lambda row: row.name
)
def test_what_is_published_or_calibrated_has_a_source(row: Parameter) -> None:
    assert row.source


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row.name)
def test_every_default_is_inside_its_bounds_and_both_bounds_are_allowed(row: Parameter) -> None:
    assert row.low is not None
    assert row.high is not None
    assert row.low < row.high
    assert row.low <= row.default <= row.high
    for value in (row.low, row.high):
        assert getattr(Parameters(**{row.name: value}), row.name) == value


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row.name)
def test_a_value_out_of_bounds_is_told_what_is_allowed(row: Parameter) -> None:
    for value in (row.low - 1, row.high * 2 + 1, float("nan"), float("inf"), "much"):  # type: ignore[operator]
        with pytest.raises(AllianceError) as caught:
            Parameters(**{row.name: value})
        sentence = str(caught.value)
        assert sentence.startswith(f"{row.name} = {value}")
        assert f"from {row.low:,} to {row.high:,}" in sentence
        assert sentence.count(". ") == 0
        assert "\n" not in sentence


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (number(0.5, 0, 1, "A."), number(0.5, 0, 1, "B."), "pace is declared twice, in One and"),
        (number(1.5, 0, 1, "A."), None, "pace = 1.5 is outside its own bounds, 0 to 1"),
        (number(0.5, 1, 0, "A."), None, "give the lower bound first"),
        (number(0.5, 0, 1, "A.", status="sure"), None, "published, calibrated or assumed"),  # type: ignore[arg-type]
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(
    first: Any, second: Any, said: str
) -> None:
    groups: tuple[type[BaseModel], ...] = (
        create_model("One", __doc__="One.", pace=(float, first)),
    )
    if second is not None:
        groups += (create_model("Two", __doc__="Two.", pace=(float, second)),)
    with pytest.raises(AllianceError, match=re.escape(said)):
        _rows_of(groups)


@pytest.mark.parametrize("row", [r for r in ROWS if r.kind == "choice"], ids=lambda row: row.name)
def test_a_word_that_is_no_choice_is_told_the_choices(row: Parameter) -> None:
    assert row.default in row.choices
    for wrong in ("sometimes", 3, True, None):
        with pytest.raises(AllianceError) as caught:
            Parameters(**{row.name: wrong})
        assert all(word in str(caught.value) for word in row.choices)


@pytest.mark.parametrize("row", [r for r in ROWS if r.kind == "switch"], ids=lambda row: row.name)
def test_a_switch_is_off_by_default_and_is_on_or_off(row: Parameter) -> None:
    assert row.default is False
    for word in ("true", "false"):
        assert getattr(Parameters(**{row.name: word}), row.name) is (word == "true")
    for wrong in ("maybe", 2, None):
        with pytest.raises(AllianceError, match="true or false"):
            Parameters(**{row.name: wrong})


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("empaty", "empathy"), ("Boundary", "boundary"), ("sesion_limit", "session_limit"), ("client", "clients")],
)  # fmt: skip
def test_a_misspelt_name_gets_the_nearest_one(wrong: str, right: str) -> None:
    with pytest.raises(AllianceError, match=f"{wrong} is not a parameter. Did you mean {right}?"):
        Parameters(**{wrong: 1})
    with pytest.raises(AllianceError, match=right):
        Parameters().replace(**{wrong: 1})


def test_a_name_like_no_other_is_told_where_to_look() -> None:
    with pytest.raises(AllianceError, match="alliance explain"):
        Parameters(xyzzy=1)


@pytest.mark.parametrize("value", [5, 5.0, "5", "5.0", "0.5e1", np.int64(5), np.float32(5)])
def test_a_whole_number_may_be_written_in_several_ways(value: Any) -> None:
    clients = Parameters(clients=value).clients
    assert clients == 5
    assert type(clients) is int


@pytest.mark.parametrize("value", [5.5, "5.5", True, None, "", [5], -0.5])
def test_what_is_no_whole_number_is_refused_as_one(value: Any) -> None:
    with pytest.raises(AllianceError, match="a whole number from 1"):
        Parameters(clients=value)


@pytest.mark.parametrize("value", [True, None, "", [0.5], {"a": 1}])
def test_what_is_no_number_is_refused_as_one(value: Any) -> None:
    with pytest.raises(AllianceError, match="takes a number from"):
        Parameters(empathy=value)


def test_a_setting_cannot_be_changed_in_place() -> None:
    parameters = Parameters()
    with pytest.raises(ValueError, match="frozen"):
        parameters.empathy = 0.9
    with pytest.raises(TypeError):
        PARAMETERS["empathy"] = PARAMETERS["boundary"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        PARAMETERS["empathy"].default = 0.9  # type: ignore[misc]
    assert parameters == Parameters()


@given(parameter_sets())
def test_what_was_changed_tells_a_setting(parameters: Parameters) -> None:
    assert Parameters(**parameters.changed()) == parameters
    assert Parameters().replace(**parameters.changed()) == parameters
    assert Parameters().changed() == {}
    for name, value in parameters.changed().items():
        assert value != PARAMETERS[name].default


@given(parameter_sets())
def test_a_setting_survives_being_sent_to_another_process(parameters: Parameters) -> None:
    for copied in (pickle.loads(pickle.dumps(parameters)), copy.deepcopy(parameters)):
        assert copied == parameters
        assert hash(copied) == hash(parameters)
        assert (coefficients(copied) == coefficients(parameters)).all()


@given(parameter_sets(), st.floats(0.02, 0.98))
def test_replacing_makes_a_new_setting_and_leaves_the_old(
    parameters: Parameters, empathy: float
) -> None:
    before = parameters.model_dump()
    replaced = parameters.replace(empathy=empathy)
    assert replaced.empathy == empathy
    assert parameters.model_dump() == before
    assert replaced.replace(empathy=parameters.empathy) == parameters


@given(any_parameters)
def test_equations_read_parameters_by_their_names(parameters: Parameters) -> None:
    p: Any = unpack(coefficients(parameters).tolist())
    for name, row in PARAMETERS.items():
        if row.kind != "choice":
            assert getattr(p, name) == getattr(parameters, name), name


def test_correlations_that_no_population_can_have_are_refused() -> None:
    impossible = Parameters(
        anxiety_with_avoidance=0.9, anxiety_with_trust=0.9, avoidance_with_trust=-0.9
    )
    with pytest.raises(AllianceError, match="No population can have these correlations") as told:
        loadings(impossible)
    for name in (
        "anxiety_with_avoidance = 0.9",
        "anxiety_with_trust = 0.9",
        "avoidance_with_trust = -0.9",
    ):
        assert name in str(told.value)
    assert "severity" not in str(told.value), "it has no part in the contradiction"


@given(st.fixed_dictionaries({name: st.floats(-0.9, 0.9) for name in PAIRS}))
def test_of_correlations_that_contradict_each_other_the_fewest_are_named(
    correlations: dict[str, float],
) -> None:
    parameters = Parameters(**correlations)
    named = contradiction(parameters)
    if not named:
        assert np.linalg.eigvalsh(correlation_matrix(parameters)).min() > -1e-12
        return
    alone = Parameters(**dict.fromkeys(PAIRS, 0.0) | {name: correlations[name] for name in named})
    assert contradiction(alone) == named, "they contradict each other without the others, too"
    with pytest.raises(AllianceError):
        loadings(parameters)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"empathy": 7}, "empathy = 7 is not allowed: empathy takes a number from 0.02 to 0.98."),
        ({"telehealth": "maybe"}, "telehealth takes true or false."),
        ({"clients": 0}, "clients takes a whole number from 1 to 1,000,000 (people)."),
    ],
)
def test_a_value_out_of_bounds_is_told_one_range_only(values: dict[str, Any], told: str) -> None:
    with pytest.raises(AllianceError) as error:
        Parameters(**values)
    assert str(error.value).endswith(told)
    assert "[" not in str(error.value)


@given(any_parameters)
def test_loadings_make_the_correlations_asked_for(parameters: Parameters) -> None:
    size = len(CORRELATED)
    factor = np.zeros((size, size))
    factor[np.tril_indices(size)] = loadings(parameters)
    assert np.allclose(factor @ factor.T, correlation_matrix(parameters), atol=1e-12)


@given(
    st.dictionaries(st.sampled_from(sorted(PAIRS)), st.sampled_from([-0.2, -0.0, 0.0, 0.1])),
    st.floats(0.05, 0.95),
)
def test_compiled_code_gets_the_same_numbers_to_the_bit(
    correlations: dict[str, float], severity: float
) -> None:
    parameters = Parameters(**correlations, severity=severity)
    taken = coefficients(parameters)
    assert taken.tobytes() == np.array(numbers(parameters)).tobytes()
    assert coefficients(parameters).tobytes() == taken.tobytes()


def test_only_the_whole_is_made_ready_to_check_values() -> None:
    assert Parameters.__pydantic_complete__
    assert [group.__name__ for group in GROUPS if group.__pydantic_complete__] == []
