"""Whose the courses of a twin are: clients, therapists and sites, by new names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from experiments.twin.cell_texts import new_identifiers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from experiments.tables.columns import Integers
    from experiments.twin.drawing import Therapy
    from experiments.twin.learning import Learned
    from experiments.twin.original import Original

__all__ = [
    "numbers_of_courses",
    "persons_of_courses",
    "sites_of_courses",
    "therapists_of_courses",
]


def persons_of_courses(
    original: Original, learned: Learned, courses: int, random: np.random.Generator
) -> Integers:
    """Return whose each course is; several are of one client as often as learned, where a file can say so."""
    names = original.rows.columns.names
    several = (
        not original.is_wide
        and original.layout is None
        and ("episode" in names or learned.dates is not None)
    )
    if not several or len(learned.again) == 1:
        return np.arange(courses)
    person: list[int] = []
    counts = 1 + random.choice(len(learned.again), size=courses, p=learned.again)
    for number, count in enumerate(counts.tolist()):
        person += [number] * count
    return np.array(person[:courses], dtype=np.int64)


def numbers_of_courses(person: Integers) -> NDArray[np.object_]:
    """Return which course of its client each is, counted from 1, as text, shape (courses,)."""
    seen: Counter[int] = Counter()
    numbers = []
    for one in person.tolist():
        seen[one] += 1
        numbers.append(str(seen[one]))
    return np.array(numbers, dtype=object)


def therapists_of_courses(
    original: Original,
    learned: Learned,
    therapies: Sequence[Therapy],
    random: np.random.Generator,
) -> NDArray[np.object_]:
    """Return the therapist of each course by a new name; a column that names nobody in the records does not here."""
    if not learned.therapists:
        return np.full(len(therapies), "", dtype=object)
    texts = original.texts(original.rows.columns.names["therapist"])
    own = np.array(new_identifiers(texts, learned.therapists, "twin-T"), dtype=object)
    return own[random.permutation(len(own))][[one.therapist for one in therapies]]


def sites_of_courses(
    original: Original,
    learned: Learned,
    therapies: Sequence[Therapy],
    random: np.random.Generator,
) -> NDArray[np.object_]:
    """Return the site of each course: new names, sizes as learned, each therapist at one site."""
    texts = original.texts(original.rows.columns.names["study"])
    shares = np.array(learned.sites, dtype=np.float64)
    sites = new_identifiers(texts, len(shares), "site ")
    if not learned.therapists:
        place = random.choice(len(sites), size=len(therapies), p=shares / shares.sum())
        return np.array(sites, dtype=object)[place]
    ends = np.cumsum(shares) / shares.sum()
    at = np.searchsorted(ends, (np.arange(learned.therapists) + 0.5) / learned.therapists)
    return np.array(sites, dtype=object)[at[[one.therapist for one in therapies]]]
