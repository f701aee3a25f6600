"""Parameters of planned endings and dropout."""

from __future__ import annotations

from simulation.parameters.declaration import LOGIT, PER_UNIT, Group, number

__all__ = ["Ending"]


class Ending(Group):
    """Planned endings and dropout."""

    dropout_first: float = number(
        -1.63,
        -10,
        5,
        "Hazard of dropout after session 1.",
        unit=LOGIT,
        status="calibrated",
        source="F28, F29",
    )
    dropout_later: float = number(
        -6.593,
        -10,
        5,
        "Hazard of dropout that is approached with more sessions.",
        unit=LOGIT,
        status="calibrated",
        source="F23",
    )
    dropout_alliance: float = number(
        2.0, 0, 20, "How much the alliance keeps a client.", unit=PER_UNIT, source="F33, C18"
    )
    dropout_strain: float = number(
        1.0, 0, 15, "How much strain drives a client away.", unit=PER_UNIT, source="C16, C18"
    )
    dropout_severity: float = number(
        0.5, 0, 10, "How much distress drives a client away.", unit=PER_UNIT, source="F23"
    )
    dropout_safety: float = number(
        1.5, 0, 20, "How much feeling safe keeps a client.", unit=PER_UNIT, source="C4, C18, C21"
    )
    dropout_worse: float = number(
        8.0, 0, 20, "How much having become worse drives a client away.", unit=PER_UNIT
    )
    dropout_motivation: float = number(
        1.0, 0, 10, "How much motivation keeps a client.", unit=PER_UNIT, source="C18"
    )
    dropout_match: float = number(
        0.8,
        0,
        10,
        "How much a matched preference keeps a client.",
        unit=PER_UNIT,
        source="F36, C20",
    )
    dropout_relieved: float = number(
        0.8,
        0,
        6,
        "How much likelier a client who feels well enough leaves without a word.",
        unit=LOGIT,
        source="F29, C19",
    )
    planned_exit: float = number(
        0.477,
        0,
        1,
        "Chance of a planned ending after a session in which a client feels well enough.",
        unit="probability",
        status="calibrated",
        source="F31, C19",
    )
    enough_change: float = number(
        0.25,
        0,
        0.9,
        "Share of the distress at the start that must be gone before a client feels well enough.",
        unit="share",
        source="C19",
    )
    planned_exit_dependency: float = number(
        0.6,
        0,
        1,
        "Share of the chance of a planned ending which full dependency takes away.",
        unit="share",
        source="C25",
    )
