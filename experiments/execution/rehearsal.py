"""Rules of one's own of every kind, tried on a few clients before a run."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from experiments.execution.rules import Rules
from simulation.errors import unknown_name
from simulation.mistakes import name_of
from simulation.parameters import Parameters
from simulation.rehearsal import FEW, tried
from simulation.rehearsal import rehearse as rehearse_in_python

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["rehearse"]


def rehearse(given: Iterable[Any]) -> Rules:
    """Sort rules as `Rules.of` does, and run a few clients with them, as `simulation.rehearsal` does with a session.

    Raises
    ------
    AllianceError
        If one is no rule, overrides nothing, fails, or leaves something that lies between 0 and 1 outside of it.
    """
    rules = Rules.of(given)
    for kind in (rules.client_class, rules.therapist_class):
        if kind is not None:
            _overrides_something(kind)
    if rules.need_agents:
        own = (rules.session, rules.setting, rules.client_class, rules.therapist_class)
        tried(
            " with ".join(name_of(one) for one in own if one is not None),
            lambda: rules.run_agents(
                (rules.setting or Parameters)(**FEW), 1, range(1), histories=True
            ),
        )
    elif rules.session is not None or rules.setting is not None:
        rehearse_in_python(rules.setting or Parameters, rules.session)
    return rules


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
