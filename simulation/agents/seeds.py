"""The seed of a model: the one given, or one drawn and written down; never a fixed one that nobody chose.

A harness that replicates, such as `mesa.batch_run`, makes many models without a word about seeds. A fixed default
would make them the same model many times.
"""

from __future__ import annotations

import secrets
import sys
import warnings
from typing import TYPE_CHECKING, Any

from simulation.errors import AllianceError, whole_number
from simulation.randomness import SEED_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

__all__ = ["chosen_seed"]

DRAWN_BELOW = 2**32
"""Drawn seeds are short enough to be copied by hand."""

MESA_BATCHES = "mesa.batchrunner"


def chosen_seed(rng: Any, seed: Any) -> int:
    """Return the seed given under either name; without one, draw it.

    Warns
    -----
    UserWarning
        In a worker of `mesa.batch_run` that was given no seed, if seeds may have been among the parameters.

    Raises
    ------
    AllianceError
        If both are given, if the seed is no whole number, or if Mesa lost it.
    """
    if rng is not None and seed is not None:
        raise AllianceError("rng and seed are two names for one thing: give only one.")
    given = seed if rng is None else rng
    if given is not None:
        return whole_number("rng", given, 0, SEED_LIMIT - 1)
    _notice_lost_seeds()
    return secrets.randbelow(DRAWN_BELOW)


def _notice_lost_seeds() -> None:
    """See whether `mesa.batch_run` replaced a seed by None, as Mesa 3.5 does with seeds among the parameters."""
    named: dict[str, Mapping[str, Any]] = {}
    for frame in _frames():
        if frame.f_globals.get("__name__") == MESA_BATCHES:
            named.setdefault(frame.f_code.co_name, frame.f_locals)
    kwargs = named.get("_model_run_func", {}).get("kwargs", {})
    replaced = [name for name in ("rng", "seed") if name in kwargs]
    if not replaced:
        return
    if "batch_run" not in named:
        warnings.warn(
            "No seed reached this worker of batch_run, so one was drawn; the column seed has it. Seeds among the "
            "parameters get lost in this release of Mesa: give them as batch_run(..., rng=[1, 2, 3]).",
            UserWarning,
            stacklevel=2,
        )
        return
    parameters = named["batch_run"].get("parameters", {})
    for name in replaced:
        if _has_seeds(parameters.get(name)):
            raise AllianceError(
                f"This release of Mesa's batch_run replaces {name} among the parameters by None, so the seeds would "
                "be lost; give them as batch_run(..., rng=[1, 2, 3])."
            )


def _frames() -> Iterator[FrameType]:
    # batch_run leaves no other trace of what it was given.
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _has_seeds(values: Any) -> bool:
    listed = values if isinstance(values, list | tuple | set | range) else [values]
    return any(value is not None for value in listed)
