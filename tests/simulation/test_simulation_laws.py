"""Every equation states its law: what its result does as a quantity rises, and the scale it stays on.

The law stands at the equation (`simulation.equation.Law`), the scales in its signature (`simulation.scales`).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from random import Random
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import equations, scales
from simulation.equation import EQUATIONS, LAWS, equation
from simulation.parameters import PARAMETERS, Parameters
from simulation.scales import Scale
from tests.simulation.clinics import numbers, sampled_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LAST_BIT = 1e-12
"""exp is a polynomial: where it is flat, a last bit may turn."""


def every_equation() -> dict[str, Callable[..., Any]]:
    """Return the equations of `simulation.equations` by name."""
    modules = [
        importlib.import_module(f"{equations.__name__}.{module.name}")
        for module in pkgutil.iter_modules(equations.__path__)
    ]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value in EQUATIONS and value.__module__ == module.__name__
    }


ALL = every_equation()


def annotations(function: Callable[..., Any]) -> dict[str, Any]:
    names = {**vars(scales), "Parameters": Parameters}
    return inspect.get_annotations(function, eval_str=True, locals=names)


def scale(annotation: Any) -> Scale:
    """Return the scale that an annotation names."""
    return next(one for one in get_args(annotation) if isinstance(one, Scale))


def scales_of(function: Callable[..., Any]) -> dict[str, Scale]:
    """Return the scale of each quantity of an equation."""
    hints = annotations(function)
    return {name: scale(hint) for name, hint in hints.items() if name not in {"p", "return"}}


def scales_of_result(function: Callable[..., Any]) -> list[Scale]:
    hint = annotations(function)["return"]
    parts = get_args(hint) if getattr(hint, "__origin__", None) is tuple else [hint]
    return [scale(part) for part in parts]


def quantity(on: Scale) -> st.SearchStrategy[float]:
    """Any value on a scale."""
    return st.sampled_from(on.values) if on.values else numbers(on.low, on.high)


def applied(function: Callable[..., Any], values: dict[str, float], p: Parameters) -> Any:
    return function(**values, **({"p": p} if "p" in inspect.signature(function).parameters else {}))


CLINICS = 200
any_clinic = st.integers(0, CLINICS)
"""The number of a clinic: one that breaks a law is told by the few parameters that the equation reads."""


def read_by(function: Callable[..., Any], p: Parameters) -> str:
    """Write the parameters that an equation reads itself, with their values."""
    names = sorted(set(re.findall(r"\bp\.(\w+)", inspect.getsource(function))) & set(PARAMETERS))
    return ", ".join(f"{name} = {getattr(p, name)}" for name in names) or "any parameters"


def test_a_broken_law_is_told_by_the_parameters_that_matter() -> None:
    assert read_by(ALL["disclosure"], Parameters()) == "concealment = 0.5"
    assert len(sampled_parameters()) == CLINICS + 1


def directions() -> Iterator[tuple[str, str, int]]:
    for name, function in ALL.items():
        law = LAWS.get(function)
        if law is not None:
            yield from ((name, quantity, 1) for quantity in law.rises)
            yield from ((name, quantity, -1) for quantity in law.falls)


DIRECTIONS = list(directions())
each_direction = pytest.mark.parametrize(
    ("name", "rising", "sign"),
    DIRECTIONS,
    ids=[f"{name}-{rising}-{'up' if sign > 0 else 'down'}" for name, rising, sign in DIRECTIONS],
)


@pytest.mark.parametrize("name", ALL)
def test_an_equation_states_its_law_and_the_scales_of_its_quantities(name: str) -> None:
    function = ALL[name]
    assert function in LAWS, f"{name} states no law: @equation(rises=..., falls=..., either=...)"
    assert scales_of_result(function)
    assert set(scales_of(function)) == {*inspect.signature(function).parameters} - {"p"}


@pytest.mark.parametrize("name", ALL)
def test_an_equation_is_pure_and_documented(name: str) -> None:
    function = ALL[name]
    assert function.__doc__
    assert not function.__defaults__
    assert function.__closure__ is None


@each_direction
def test_all_else_equal(name: str, rising: str, sign: int) -> None:
    function = ALL[name]
    on = scales_of(function)

    @settings(max_examples=25)
    @given(st.fixed_dictionaries({one: quantity(on[one]) for one in on}), quantity(on[rising]),
           any_clinic)  # fmt: skip
    def law(values: dict[str, float], other: float, clinic: int) -> None:
        p = sampled_parameters()[clinic]
        low, high = sorted([values[rising], other])
        at_low = applied(function, {**values, rising: low}, p)
        at_high = applied(function, {**values, rising: high}, p)
        assert sign * (at_high - at_low) >= -LAST_BIT, (
            f"{name} {'falls' if sign > 0 else 'rises'} from {at_low:g} to {at_high:g} as {rising} goes from {low:g} "
            f"to {high:g}, against its law, with {read_by(function, p)}"
        )

    law()


def all_paths_open() -> Parameters:
    """Return the default clinic with everything in use that is off by default."""
    off = {
        name: True if row.kind == "switch" else min(1.0, (row.low + row.high) / 2.0)
        for name, row in PARAMETERS.items()
        if row.kind == "switch" or (row.kind == "number" and row.default == row.low == 0.0)
    }
    return Parameters(**off)


@each_direction
def test_in_an_ordinary_clinic_it_does_so_visibly(name: str, rising: str, sign: int) -> None:
    function, p, chance = ALL[name], all_paths_open(), Random(name + rising)
    on = scales_of(function)
    moved = 0
    for _ in range(200):
        values = {
            one: chance.choice(scale.values)
            if scale.values
            else chance.uniform(scale.low, scale.high)
            for one, scale in on.items()
        }
        low, high = (
            applied(function, {**values, rising: end}, p)
            for end in (on[rising].low, on[rising].high)
        )
        moved += sign * (high - low) > 0.0
    assert moved >= 10


@pytest.mark.parametrize("name", ALL)
def test_a_result_stays_on_its_scale(name: str) -> None:
    function = ALL[name]
    on = scales_of(function)

    @settings(max_examples=50)
    @given(st.fixed_dictionaries({one: quantity(on[one]) for one in on}), any_clinic)
    def law(values: dict[str, float], clinic: int) -> None:
        p = sampled_parameters()[clinic]
        result = applied(function, values, p)
        results = result if isinstance(result, tuple) else (result,)
        for number, scale in zip(results, scales_of_result(function), strict=True):
            if scale.values:
                assert number in scale.values
            elif scale.bounded:
                assert scale.low - LAST_BIT <= number <= scale.high + LAST_BIT, (
                    f"{name} leaves its scale with {read_by(function, p)}"
                )

    law()


def test_a_law_that_forgets_a_quantity_or_names_another_is_refused() -> None:
    def hope(trust: float, strain: float, p: Parameters) -> float:
        return trust - strain + p.bond_trust

    with pytest.raises(ValueError, match=r"each of trust, strain once.* it mentions trust"):
        equation(rises="trust")(hope)
    with pytest.raises(ValueError, match="mentions trust, strain, warmth"):
        equation(rises="trust", falls="strain", either="warmth")(hope)
    with pytest.raises(ValueError, match="mentions trust, trust, strain"):
        equation(rises="trust", falls="trust", either="strain")(hope)
    assert hope not in LAWS
    assert hope not in EQUATIONS
