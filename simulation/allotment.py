"""Draws of a trial: who is allotted where, who cannot be reached, how clinics differ. No draw of a session does.

They are pure functions of (seed, trial, who), from streams of their own: a trial with more clients gives the first
ones the same, and a policy cannot move them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.engine.compilation import compiled_alone
from simulation.numerics import exp, inverse_normal, logistic, logit
from simulation.randomness import Key, Stream, key_of, uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = [
    "ARM",
    "CLIENT",
    "CLINIC",
    "OCCASION",
    "SCALES",
    "THERAPIST",
    "clinic_places",
    "moved_values",
    "trial_draws",
]

CLIENT = int(Stream.ALLOTMENT)
"""A client: therapist; whether they are lost after a dropout; two free."""
ARM = int(Stream.ALLOTMENT_IN_BLOCK)
"""A place in the blocks of a stratum: where the place stands in its block; three free."""
THERAPIST = int(Stream.ALLOTMENT_OF_THERAPIST)
"""A therapist: arm; three free."""
CLINIC = int(Stream.ALLOTMENT_OF_CLINIC)
"""A clinic: arm; which parameter set its trial is run with, of the first clinic; two free.

With a number of its traits less 1 in the place of the week: where it stands in that trait; three free.
"""
OCCASION = int(Stream.MISSING)
"""A client in a week: whether the questionnaire is missing at random; three free."""

SCALES = ("plain", "logit", "log")
"""On which clinics may differ: by a sum, by a sum of logits, by a factor."""


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


@compiled_alone
def fill_clinic_places(key: Key, table: Array) -> None:
    """Fill a table of shape (trials, clinics, traits) with standard normal draws."""
    for trial in range(table.shape[0]):
        own = Key(key.seed_low, key.seed_high, key.replicate + trial)
        for clinic in range(table.shape[1]):
            for trait in range(table.shape[2]):
                draw, _, _, _ = uniforms(own, clinic, trait + 1, CLINIC)
                table[trial, clinic, trait] = inverse_normal(draw)


def clinic_places(seed: int, trials: range, clinics: int, traits: int) -> Array:
    """Return where clinics of some trials stand in their traits, in standard deviations.

    Returns
    -------
    array
        Shape (trials, clinics, traits). A clinic's draws depend on seed, trial, its number and that of the trait.
    """
    table = np.empty((len(trials), clinics, traits))
    fill_clinic_places(key_of(seed, trials.start), table)
    return table


@compiled_alone
def fill_moved(values: Array, by: Array, bounds: Array, scale: int) -> None:
    """Move each of some values, shape (clinics,), by so much on a scale, and keep it within two bounds."""
    low, high = bounds[0], bounds[1]
    for place in range(len(values)):
        value = values[place]
        if scale == 1:
            inside = min(max(value, 1e-6), 1.0 - 1e-6)
            value = logistic(logit(inside) + by[place])
        elif scale == 2:
            value = value * exp(by[place])
        else:
            value = value + by[place]
        values[place] = min(max(value, low), high)


def moved_values(values: Array, by: Array, bounds: tuple[float, float], scale: str) -> Array:
    """Return the value of a parameter in each clinic, the same bits on every machine.

    Parameters
    ----------
    values
        In the middle of clinics of its setting, shape (clinics,).
    by
        How far each clinic is off on the scale, shape (clinics,).
    bounds
        The least and the most that is allowed.
    scale
        One of `SCALES`.
    """
    found = np.array(values, dtype=np.float64)
    fill_moved(
        found,
        np.ascontiguousarray(by, np.float64),
        np.array(bounds, dtype=np.float64),
        SCALES.index(scale),
    )
    return found
