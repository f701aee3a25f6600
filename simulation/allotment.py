"""Draws of a trial: who is allotted where, who cannot be reached, how clinics differ. No session depends on them.

They are pure functions of (seed, trial, who), from streams of their own: a trial with more clients gives the first
ones the same, and a policy cannot move them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.engine.compilation import compiled_alone
from simulation.randomness import Key, Stream, key_of, uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["ARM", "CLIENT", "CLINIC", "OCCASION", "THERAPIST", "trial_draws"]

CLIENT = int(Stream.ALLOTMENT)
"""A client: therapist; whether they are lost after a dropout; two free."""
ARM = int(Stream.ALLOTMENT_IN_BLOCK)
"""A place in the blocks of a stratum: where the place stands in its block; three free."""
THERAPIST = int(Stream.ALLOTMENT_OF_THERAPIST)
"""A therapist: arm; three free."""
CLINIC = int(Stream.ALLOTMENT_OF_CLINIC)
"""A clinic: arm, what it adds to or takes from distress; two free."""
OCCASION = int(Stream.MISSING)
"""A client in a week: whether the questionnaire is missing at random; three free."""


@compiled_alone
def fill_uniforms(key: Key, when: int, stream: int, table: Array) -> None:
    """Fill a table of shape (trials, people, draws) with the first draws of each; at most four."""
    draws = table.shape[2]
    for trial in range(table.shape[0]):
        own = Key(key.seed_low, key.seed_high, key.replicate + trial)
        for who in range(table.shape[1]):
            a, b, c, d = uniforms(own, who, when, stream)
            table[trial, who, 0] = a
            if draws > 1:
                table[trial, who, 1] = b
            if draws > 2:
                table[trial, who, 2] = c
            if draws > 3:
                table[trial, who, 3] = d


def trial_draws(
    seed: int, trials: range, people: int, stream: int, *, when: int = 0, draws: int = 1
) -> Array:
    """Return uniform draws, shape (trials, people, draws).

    Parameters
    ----------
    seed, trials
        Of the simulation; numbers of the trials, without gaps.
    people
        How many clients, therapists or clinics of each trial, from number 0 on.
    stream
        What the draws are for: `CLIENT`, `ARM`, `THERAPIST`, `CLINIC` or `OCCASION`.
    when
        Week or stratum.
    draws
        How many of each, at most four.
    """
    table = np.empty((len(trials), people, draws))
    fill_uniforms(key_of(seed, trials.start), when, stream, table)
    return table
