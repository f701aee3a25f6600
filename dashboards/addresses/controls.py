"""What a control is, whatever it sets: a slider, a number, a switch or a choice; and controls in groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Choice", "Control", "Group", "Groups"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a choice, how it is called, and the heading it stands under; empty for none."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One control.

    Attributes
    ----------
    name
        Under which its value comes and goes.
    label, unit, meaning
        What is written beside it.
    kind
        ``number``, ``integer``, ``choice`` or ``switch``.
    start
        The value it returns to; None for a number that has none until somebody gives one.
    low, high, step
        Bounds, both allowed, and the slider's step; None where there are none.
    choices
        Of a choice.
    status
        How the value is known: ``published``, ``calibrated``, ``assumed``; empty where that does not apply.
    """

    name: str
    label: str
    unit: str
    meaning: str
    kind: str
    start: Any
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[Choice, ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Controls under a heading.

    Attributes
    ----------
    title
        The heading.
    controls
        In order.
    open
        Whether the group is unfolded to begin with.
    plain
        Whether to leave the heading away and always show it.
    """

    title: str
    controls: tuple[Control, ...]
    open: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups of a panel, as one value."""

    groups: tuple[Group, ...]

    @classmethod
    def plain(cls, *controls: Control) -> Groups:
        """Return controls without a heading, always shown."""
        return cls((Group("", controls, plain=True),))
