"""Controls of the model's parameters, made from the table of parameters; and what a page may ask for."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboards.addresses.controls import Choice, Control, Group
from experiments.quantities.writing import span
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS, Parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulation.parameters.declaration import Parameter

__all__ = [
    "BEYOND",
    "REACH",
    "allowed_here",
    "bounds",
    "checked",
    "control",
    "every_parameter",
    "label",
    "some_parameters",
    "step_between",
    "words_of",
]

STEPS = 100
"""Into how many steps a slider divides its range."""

REACH: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "clients": (1, 2_000),
        "therapists": (1, 60),
        "weeks": (1, 260),
        "session_limit": (1, 100),
        "arrivals_per_week": (0.2, 100),
        "caseload_cap": (1, 60),
    }
)
"""What a page may ask for of parameters that the model lets grow far beyond what a page can show."""

BEYOND: Mapping[str, tuple[str, ...]] = MappingProxyType({"supervision_network": ("file",)})
"""Words that a parameter takes, but not on a page: nobody can give it a file."""


def label(name: str) -> str:
    """Return a name as words: ``caseload_cap`` is "Caseload cap"."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def bounds(row: Parameter) -> tuple[float | None, float | None]:
    """Return the bounds of a parameter on a page."""
    return REACH.get(row.name, (row.low, row.high))


def words_of(row: Parameter) -> tuple[str, ...]:
    """Return the words that a choice takes on a page."""
    return tuple(word for word in row.choices if word not in BEYOND.get(row.name, ()))


def unit_of(row: Parameter) -> str:
    """Return the unit, or for a plain scale its bounds, as they are enforced."""
    low, high = bounds(row)
    if row.named_unit or low is None or high is None:
        return row.named_unit
    return span(low, high)


def allowed_here(name: str, value: Any, given: Any) -> None:
    """Check that a page can show a value that the model takes.

    Parameters
    ----------
    name, value
        The parameter and its value, as the model has it.
    given
        The value as it was written.

    Raises
    ------
    AllianceError
        If it cannot; says what it can.
    """
    if value in BEYOND.get(name, ()):
        words = ", ".join(words_of(PARAMETERS[name]))
        raise AllianceError(
            f"{name} = {value} is not possible on a page, which cannot be given the file: choose one of {words}. "
            "With a file of your own use alliance run --network FILE."
        )
    low, high = REACH.get(name, (value, value))
    if name in REACH and not low <= value <= high:
        much = "more" if value > high else "less"
        raise AllianceError(
            f"{name} = {given} is {much} than a page can show: it takes {low:,} to {high:,} here."
        )


def step_of(row: Parameter) -> float | None:
    """Return a step that divides the range into about a hundred, 1, 2 or 5 times a power of ten."""
    low, high = bounds(row)
    if low is None or high is None:
        return None
    return 1 if row.kind == "integer" else step_between(low, high)


def step_between(low: float, high: float) -> float:
    """Return a step that divides a range into about a hundred, 1, 2 or 5 times a power of ten."""
    rough = (high - low) / STEPS
    power = 10.0 ** int(f"{rough:e}".split("e")[1])
    return float(f"{min((1, 2, 5, 10), key=lambda times: abs(times * power - rough)) * power:.6g}")


def control(row: Parameter, start: Any) -> Control:
    """Return the control of a parameter that returns to `start`."""
    source = f" ({row.source})" if row.source else ""
    return Control(
        name=row.name,
        label=label(row.name),
        unit=unit_of(row),
        meaning=f"{row.meaning}{source}",
        kind=row.kind,
        start=start,
        low=bounds(row)[0],
        high=bounds(row)[1],
        step=step_of(row),
        choices=tuple(Choice(word, label(word)) for word in words_of(row)),
        status=row.status,
    )


def some_parameters(title: str, names: Iterable[str], base: Parameters) -> Group:
    """Return a group, always shown, of a few parameters that return to their value in `base`."""
    rows = tuple(control(PARAMETERS[name], getattr(base, name)) for name in names)
    return Group(title, rows, open=True, plain=True)


@lru_cache(maxsize=64)
def every_parameter(base: Parameters) -> tuple[Group, ...]:
    """Return all parameters by part of the model, returning to their value in `base`."""
    groups: dict[str, list[Control]] = {}
    for name, row in PARAMETERS.items():
        groups.setdefault(row.group, []).append(control(row, getattr(base, name)))
    return tuple(Group(title, tuple(rows)) for title, rows in groups.items())


def checked(base: Parameters, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the changes that are allowed and differ from `base`, as the model has them.

    A browser sends what it likes: a name or a value that is not allowed is left out, and what a page could not
    show is brought within `REACH`.
    """
    changed: dict[str, Any] = {}
    for name, value in changes.items():
        try:
            new = getattr(base.replace(**{name: value}), name)
        except (AllianceError, TypeError):
            continue
        if new in BEYOND.get(name, ()):
            continue
        low, high = REACH.get(name, (new, new))
        new = min(max(new, low), high) if name in REACH else new
        if new != getattr(base, name):
            changed[name] = new
    return changed
