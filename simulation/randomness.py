"""Counter-based random draws: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, SC '11, 10.1145/2063384.2063405).

A draw is a pure function of who draws, when and what for. The key is (seed, replicate); the counter is (client or
therapist, session or week, stream). So a draw depends on nothing else: not on the order of agents, the number of
clients or workers, what was recorded, or Mesa's own generator. Two parameter sets run with the same seed differ by
their parameters alone (common random numbers), and a change at session k leaves every earlier session untouched.

Every use of randomness in the model is a field of one of the named tuples below; one stream serves four of them.
All arithmetic is on integers of 64 bits that are masked to 32, so Python and compiled code agree to the bit.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from simulation.equation import equation
from simulation.errors import whole_number

__all__ = ["Key", "Stream", "and_a_half", "key_of", "philox4x32", "uniforms"]

MASK = 0xFFFFFFFF
MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
UNIT = 2.0**-32
SEED_LIMIT = 2**64
REPLICATE_LIMIT = 2**32


class Stream(IntEnum):
    """Who may draw what: one number for each group of four draws, never shared between purposes."""

    FRAME = 1  # boundary test, response to it, effect of a crossing; ending
    RUPTURE = 2  # rupture and its kind, noticing, repair; one free
    CHANGE = 3  # attunement, life events, fluctuation of the alliance; one free
    ATTACHMENT = 8  # anxiety, avoidance, propensity to trust, preference
    CONDITION = 9  # severity, motivation, social support, responsiveness
    COURSE = 10  # alliance sensitivity, good-enough threshold, first impression, reported severity
    RATING = 11  # goodwill, leniency, symptom bias, the therapist's view of this client
    ARRIVAL = 12  # week of arrival; three free
    SKILL = 16  # shared skill, empathy, acceptance, collaboration
    STYLE = 17  # boundary, repair skill, style, fatigue at the start
    HABIT = 18  # how kindly the therapist rates, whom they keep; two free
    ASSIGNMENT = 24  # which therapist; three free
    WAITING = 25  # leaving the waiting list; three free
    OCCASION = 32  # noise of bond, task, goal, and the therapist's rating
    REPORT = 33  # noise of empathy, CORE-10, satisfaction; mood of the day
    EXTRA = 34  # noise of SRS, ORS, PHQ-9, OQ-45
    RELATION = 35  # noise of trust, distance, and two raters of rupture
    OUTSIDE = 40  # life events of four weeks without therapy
    ASSESSMENT = 41  # noise of a symptom score by calendar week, mood of the day; two free
    MISSING = 42  # whether such a score is missing at random; three free
    ALLOTMENT = 48  # a client's therapist in a trial, whether one who dropped out is lost; two free
    ALLOTMENT_IN_BLOCK = 49  # where a place of a block stands in it; three free
    ALLOTMENT_OF_THERAPIST = 50  # a therapist's arm; three free
    ALLOTMENT_OF_CLINIC = 51  # a clinic's arm, its trial's parameter set, its traits; two free


class Key(NamedTuple):
    """What all draws of one clinic share: seed (two halves of 32 bits) and replicate."""

    seed_low: int
    seed_high: int
    replicate: int

    @property
    def seed(self) -> int:
        """Both halves of the seed."""
        return self.seed_low + (self.seed_high << 32)


def key_of(seed: int, replicate: int = 0) -> Key:
    """Return the key of a replicate.

    Raises
    ------
    AllianceError
        If `seed` is not in [0, 2^64) or `replicate` not in [0, 2^32).
    """
    seed = whole_number("seed", seed, 0, SEED_LIMIT - 1)
    replicate = whole_number("replicate", replicate, 0, REPLICATE_LIMIT - 1)
    return Key(seed & MASK, seed >> 32, replicate)


@equation
def philox4x32(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Return four random integers in [0, 2^32) for a counter of four and a key of two such integers."""
    for _ in range(10):
        # Only the lower half of a word counts, and is cut out where a product needs it.
        p0 = (c0 & MASK) * MULTIPLIER_0
        p1 = (c2 & MASK) * MULTIPLIER_1
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1, (p0 >> 32) ^ c3 ^ k1, p0
        k0 = k0 + WEYL_0
        k1 = k1 + WEYL_1
    return c0 & MASK, c1 & MASK, c2 & MASK, c3 & MASK


@equation
def and_a_half(a: int) -> float:
    """Return a + 1/2 for a whole number in [0, 2^32)."""
    return a + 0.5


@equation
def uniforms(key: Key, who: int, when: int, stream: int) -> tuple[float, float, float, float]:
    """Return four uniform draws in (0, 1), each an odd multiple of 2^-33.

    Parameters
    ----------
    key
        The clinic's key.
    who
        The client's or therapist's number.
    when
        The session or week; 0 for what is drawn at birth.
    stream
        What the draws are for: a `Stream`.
    """
    a, b, c, d = philox4x32(who, when, stream, key.seed_high, key.seed_low, key.replicate)
    return (
        and_a_half(a) * UNIT,
        and_a_half(b) * UNIT,
        and_a_half(c) * UNIT,
        and_a_half(d) * UNIT,
    )
