"""A rule of one's own, tried on a few clients in plain Python before a run: mistakes are said with their line."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.execution.mistakes import hint, where_it_failed
from experiments.execution.rules import Rules, name_of
from experiments.outcomes.series import SERIES
from experiments.quantities.unit import LATENT
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.results.result import Result

__all__ = ["rehearse"]

FEW = {"clients": 12, "therapists": 2, "weeks": 26, "session_limit": 8}
"""A clinic that takes some hundredths of a second, with endings of every kind."""

A_BIT = 1e-9
"""How far rounding may carry a share beyond 0 or 1."""


def rehearse(given: Iterable[Any]) -> Rules:
    """Sort rules as `Rules.of` does, and run a few clients with them in plain Python.

    Compiled code says little of a misspelt name, and nothing of trust that is 7 or not a number. Plain Python has
    the same numbers to the bit, and says what is wrong where.

    Raises
    ------
    AllianceError
        If one is no rule, overrides nothing, fails, or leaves something that lies between 0 and 1 outside of it.
    """
    rules = Rules.of(given)
    for kind in (rules.client_class, rules.therapist_class):
        if kind is not None:
            _overrides_something(kind)
    own = [one for one in (rules.session, rules.setting, *_classes(rules)) if one is not None]
    if not own:
        return rules
    names = " with ".join(name_of(one) for one in own)
    try:
        result = _a_few_clients(rules)
    except AllianceError:
        raise
    except Exception as error:  # whatever a researcher's rule raises
        said = " ".join(str(error).split()).rstrip(".")
        raise AllianceError(
            f"{names} fails in a first session: {type(error).__name__}: {said}{where_it_failed(error)}."
            f"{hint(error)}"
        ) from error
    _all_shares(result, names)
    return rules


def _classes(rules: Rules) -> tuple[Any, Any]:
    return rules.client_class, rules.therapist_class


def _a_few_clients(rules: Rules) -> Result:
    from simulation.parameters import Parameters
    from simulation.plain.running import simulate_plainly

    parameters = (rules.setting or Parameters)(**FEW)
    if rules.need_agents:
        return rules.run_agents(parameters, 1, range(1), histories=True)
    return simulate_plainly(parameters, session=rules.session, histories=True)


def _overrides_something(kind: Any) -> None:
    """Refuse a class whose methods all have names that nothing calls: they are misspelt."""
    base = next(one for one in kind.__mro__ if one.__module__.startswith("simulation."))
    own = [
        name
        for one in kind.__mro__[: kind.__mro__.index(base)]
        for name, value in vars(one).items()
        if inspect.isfunction(value) and not name.startswith("_")
    ]
    if own and not any(hasattr(base, name) for name in own):
        overridable = [
            name for name in ("hold_session", "ends", "appear", "end_week") if hasattr(base, name)
        ]
        raise unknown_name(
            own[0],
            f"a method that {name_of(kind)} could override",
            overridable,
            see=f"Override {' or '.join(overridable)}.",
        )


def _all_shares(result: Result, names: str) -> None:
    """Refuse states that cannot be: what lies between 0 and 1 outside of it, or not a number."""
    table = result.columns("sessions")
    for column in (name for name, unit in SERIES.items() if unit is LATENT):
        values = np.asarray(table[column], dtype=np.float64)
        wrong = values[~((values >= -A_BIT) & (values <= 1.0 + A_BIT))]
        if wrong.size:
            raise AllianceError(
                f"{names} leaves {column} at {wrong[0]:g} after a session: it has to stay between 0 and 1, so "
                "limit it with clip of simulation.numerics."
            )
