"""A rule of one's own, tried on a few clients in plain Python before a run: mistakes are said with their line.

Compiled code says little of a misspelt name, and nothing of trust that is 7 or not a number. Plain Python has the
same numbers to the bit, and says what is wrong where.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.engine.records import LATENT
from simulation.errors import AllianceError
from simulation.mistakes import hint, name_of, where_it_failed
from simulation.plain.running import simulate_plainly

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.parameters import Parameters
    from simulation.results.result import Result
    from simulation.session import SessionFunction

__all__ = ["FEW", "rehearse", "tried"]

FEW = {"clients": 12, "therapists": 2, "weeks": 26, "session_limit": 8}
"""A clinic that takes some hundredths of a second, with endings of every kind."""

SHARES = ("alliance", *LATENT)
"""Columns of the sessions that lie between 0 and 1."""

A_BIT = 1e-9
"""How far rounding may carry a share beyond 0 or 1."""


@lru_cache(maxsize=16)
def rehearse(setting: type[Parameters], session: SessionFunction | None = None) -> None:
    """Try a session function, or a model of the dyad that does not come with the package; once in a process.

    Parameters
    ----------
    setting
        The class of what is to be run.
    session
        A session function, as `simulation.simulate` takes it.

    Raises
    ------
    AllianceError
        If one fails, or leaves something that lies between 0 and 1 outside of it.
    """
    own: list[Any] = [] if session is None else [session]
    if setting.dyad is not None and not setting.__module__.startswith("simulation."):
        own.append(setting)
    if own:
        tried(
            " with ".join(map(name_of, own)),
            lambda: simulate_plainly(setting(**FEW), session=session, histories=True),
        )


def tried(names: str, run: Callable[[], Result]) -> None:
    """Run a few clients with somebody's own rules, and refuse what goes wrong in one sentence.

    Parameters
    ----------
    names
        What the rules are called.
    run
        Runs them, with histories.

    Raises
    ------
    AllianceError
        If they fail, or leave something that lies between 0 and 1 outside of it.
    """
    try:
        result = run()
    except AllianceError:
        raise
    except Exception as error:  # whatever a researcher's rule raises
        said = " ".join(str(error).split()).rstrip(".")
        raise AllianceError(
            f"{names} fails in a first session: {type(error).__name__}: {said}{where_it_failed(error)}."
            f"{hint(error)}"
        ) from error
    _all_shares(result, names)


def _all_shares(result: Result, names: str) -> None:
    """Refuse states that cannot be: what lies between 0 and 1 outside of it, or not a number."""
    table = result.columns("sessions")
    for column in SHARES:
        values = np.asarray(table[column], dtype=np.float64)
        wrong = values[~((values >= -A_BIT) & (values <= 1.0 + A_BIT))]
        if wrong.size:
            raise AllianceError(
                f"{names} leaves {column} at {wrong[0]:g} after a session: it has to stay between 0 and 1, so "
                "limit it with clip of simulation.numerics."
            )
