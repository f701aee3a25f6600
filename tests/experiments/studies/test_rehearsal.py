"""A rule is tried on a few clients before it runs, and a mistake in it is said in one sentence with its line."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numba
import pytest
import typer
from typer.testing import CliRunner

from experiments.cli.custom_models import load
from experiments.cli.mounting import group_of
from experiments.execution.rehearsal import rehearse
from simulation.dyads.catalogue import dyad_names, published_dyad
from simulation.engine.refusal import why_not
from simulation.errors import AllianceError
from simulation.parameters import Parameters
from simulation.plain.running import simulate_plainly
from simulation.rehearsal import FEW, tried
from simulation.running import simulate, simulate_together

if TYPE_CHECKING:
    from pathlib import Path

SESSION = """
from simulation import hold_session
from simulation.states import changed


def rule(client, state, therapist, draws, p):
    after, events = hold_session(client, state, therapist, draws, p)
    {line}
"""

AGENT = """
from simulation import {kind}


class rule({kind}):
    def {method}:
        {line}
"""

DYAD = """
from typing import ClassVar, NamedTuple

from simulation import Parameters
from simulation.dyads.measured import one_relationship
from simulation.dyads.model import DyadModel
from simulation.parameters.declaration import number


class Warmth(NamedTuple):
    felt: float


def begin(client, distress, style, p):
    return Warmth(client.propensity_to_trust)


def session(client, state, therapist, draws, p):
    {line}


def measured(client, state, before, therapist, draws, p):
    return one_relationship(state.felt, state.felt, before.distress, before.distress, 0.5)


class rule(Parameters):
    dyad: ClassVar[DyadModel] = DyadModel(Warmth, begin, session, measured)

    warming: float = number({declared})
"""


@pytest.fixture
def loaded(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """Return a rule from a file of its own."""

    def load_rule(text: str) -> Any:
        file = tmp_path / f"rule_{abs(hash(request.node.name)):x}.py"
        file.write_text(textwrap.dedent(text), "utf-8")
        return load(f"{file}:rule")

    return load_rule


@pytest.fixture
def said(loaded: Any) -> Any:
    """Return what is said of a rule in a file of its own; nothing if it may run."""

    def say(text: str) -> str:
        try:
            rehearse([loaded(text)])
        except AllianceError as error:
            return str(error)
        return ""

    return say


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return changed(after, strain=0.5), events", ""),
        ("return changed(after, strain=after.strane), events", "line 8). Did you mean strain?"),
        ("return changed(after, strane=0.5), events", "unexpected keyword argument 'strane'"),
        ("return changed(after, strain=p.homework), events", "no attribute 'homework'"),
        ("changed(after, strain=0.5), events", "Does every function return what it has to?"),
        ("return changed(after, trust=float('nan')), events", "leaves trust at nan"),
        ("return changed(after, distress=7.0), events", "leaves distress at 7 after a session"),
    ],
)
def test_a_session(said: Any, line: str, expected: str) -> None:
    found = said(SESSION.format(line=line))
    assert expected in found
    assert bool(found) == bool(expected)
    assert "\n" not in found


@pytest.mark.parametrize(
    ("kind", "method", "line", "expected"),
    [
        ("Client", "ends(self, events)", "return super().ends(events)", ""),
        ("Client", "ends(self, events)", "return super().ends(event)", "(rule_"),
        ("Client", "ends(self, events)", "return 'left'", "left is not a status"),
        ("Client", "end(self, events)", "return None", "Did you mean ends?"),
        ("Client", "hold_session(self, therapist)", "pass", "Does every function return"),
        ("Therapist", "appear(self)", "return super().appear()._replace(rebuffs=0.0)", ""),
        ("Therapist", "come(self)", "return None", "Override appear or end_week."),
    ],
)
def test_a_client_or_a_therapist(
    said: Any, kind: str, method: str, line: str, expected: str
) -> None:
    found = said(AGENT.format(kind=kind, method=method, line=line))
    assert expected in found
    assert bool(found) == bool(expected)
    assert "\n" not in found


GOOD = "return Warmth(state.felt + p.warming * (1.0 - state.felt))"
BOUNDS = '0.2, 0, 1, "How fast."'


@pytest.mark.parametrize(
    ("line", "declared", "expected"),
    [
        (GOOD, BOUNDS, ""),
        (GOOD.replace("p.warming", "p.warning"), BOUNDS, "Did you mean warming?"),
        (GOOD.replace("return ", ""), BOUNDS, "Does every function return what it has to?"),
        (GOOD.replace("1.0 -", "9.0 -"), BOUNDS, "leaves alliance at "),
        (GOOD, '2.0, 0, 1, "How fast."', "warming = 2.0 is outside its own bounds, 0 to 1"),
        (GOOD, '0.2, 1, 0, "How fast."', "warming"),
        (GOOD, '0.2, 0, 1, "How fast.", status="guessed"', "published, calibrated or assumed"),
    ],
)
def test_a_model_of_the_dyad(said: Any, line: str, declared: str, expected: str) -> None:
    found = said(DYAD.format(line=line, declared=declared))
    assert expected in found
    assert bool(found) == bool(expected)
    assert "\n" not in found


@pytest.mark.parametrize(
    "line",
    [
        "return changed(after, strain=after.strane), events",
        "changed(after, strain=0.5), events",
        "return changed(after, trust=float('nan')), events",
    ],
)
def test_in_python_the_same_is_said_before_anything_is_compiled(loaded: Any, line: str) -> None:
    rule = loaded(SESSION.format(line=line))
    with pytest.raises(AllianceError) as by_command:
        rehearse([rule])
    for run in (
        lambda: simulate(session=rule),
        lambda: simulate_together([Parameters()], session=rule),
    ):
        with pytest.raises(AllianceError) as in_python:
            run()
        assert str(in_python.value) == str(by_command.value)


def test_in_python_the_same_is_said_of_a_model_of_the_dyad(loaded: Any) -> None:
    kind = loaded(DYAD.format(line=GOOD.replace("p.warming", "p.warning"), declared=BOUNDS))
    with pytest.raises(AllianceError, match=r"line \d+\)\. Did you mean warming\?"):
        simulate(kind())


@pytest.mark.parametrize("name", dyad_names())
def test_published_models_pass(name: str) -> None:
    kind = published_dyad(name)
    assert rehearse([kind]).setting is kind
    tried(name, lambda: simulate_plainly(kind(**FEW), histories=True))


def test_what_cannot_be_compiled_is_told_with_its_line() -> None:
    def joins(x: float) -> float:
        return x.wrong  # type: ignore[attr-defined,no-any-return]

    with pytest.raises(numba.core.errors.NumbaError) as caught:
        numba.njit(joins)(1.0)
    line = joins.__code__.co_firstlineno + 1
    expected = f"Unknown attribute 'wrong' of type float64 (test_rehearsal.py, line {line})"
    assert why_not(caught.value) == why_not(caught.value, own=False) == expected
    program = typer.Typer(cls=group_of([]))
    program.callback()(lambda: None)

    @program.command()
    def changed() -> None:
        raise caught.value

    done = CliRunner().invoke(program, ["changed"])
    assert done.exit_code == 2
    assert done.stderr == (
        f"Error: The model cannot be compiled: {expected}. Mark every equation with @equation, and see "
        '"What can be compiled" in docs/extending.md.\n'
    )
