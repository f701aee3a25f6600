"""Which column is which: as declared, or guessed from its name and shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from simulation.errors import AllianceError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MEANINGS", "Chosen", "choose_columns"]

MEANINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "study": ("study", "site", "clinic", "centre", "center", "replicate"),
        "client": (
            "client", "client id", "patient", "patient id", "case", "case id", "participant",
            "participant id", "subject", "subject id", "pid", "klient", "id",
        ),
        "session": (
            "session", "session number", "session no", "session nr", "session num", "sess",
            "visit", "appointment", "sitzung",
        ),
        "therapist": (
            "therapist", "therapist id", "counsellor", "counselor", "clinician", "provider",
            "practitioner", "therapeut",
        ),
        "date": ("date", "session date", "datum", "day"),
        "alliance": (
            "wai sr client", "alliance", "alliance client", "client alliance", "working alliance",
            "wai sr", "wai", "wai total", "wai c", "srs", "haq", "haq ii", "alliance score",
        ),
        "symptom": (
            "core 10", "core10", "symptom", "symptoms", "symptom score", "core om", "phq 9", "phq9",
            "phq", "gad 7", "gad7", "oq 45", "oq45", "oq", "ors", "outcome score", "distress score",
            "severity score",
        ),
        "ended": (
            "ended", "ended how", "status", "ending", "end", "termination", "termination type",
            "discharge", "discharge reason", "dropout", "dropped out", "drop out", "completed",
            "completer", "ende", "outcome",
        ),
    }
)  # fmt: skip
"""Names each kind of column is known by, likeliest first; punctuation and case do not count."""

NEEDED = ("client", "session")
BY_PART = frozenset({"alliance", "symptom", "date"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which column holds what.

    Attributes
    ----------
    places
        Place of the column by meaning; a meaning that no column has is not in it.
    names
        Its name.
    guessed
        Meanings that were guessed and not declared.
    notes
        What to tell about it.
    """

    places: Mapping[str, int]
    names: Mapping[str, str]
    guessed: frozenset[str]
    notes: tuple[str, ...]


def choose_columns(header: tuple[str, ...], declared: Mapping[str, str | None]) -> Chosen:
    """Choose a column for every meaning.

    Parameters
    ----------
    header
        Names of the columns in the file.
    declared
        Name of the column by meaning where the user said so; ``"-"`` for none.

    Raises
    ------
    AllianceError
        When a declared column is not there, a name stands there twice, or no column can be taken
        for the client or the session.
    """
    places: dict[str, int] = {}
    notes: list[str] = []
    guessed: set[str] = set()
    for meaning, name in declared.items():
        if name is not None and name != "-":
            places[meaning] = _declared(header, meaning, name)
    taken = set(places.values())
    for meaning in MEANINGS:
        if meaning in places or declared.get(meaning) == "-":
            continue
        found = [place for place in _candidates(header, meaning) if place not in taken]
        if not found:
            continue
        places[meaning] = found[0]
        taken.add(found[0])
        guessed.add(meaning)
        if len(found) > 1:
            others = ", ".join(header[place] for place in found[1:4])
            notes.append(
                f"{header[found[0]]} is taken for {meaning}; {others} could be meant, too"
                f" (say --{meaning} NAME)."
            )
    for meaning, place in places.items():
        if header.count(header[place]) > 1:
            raise AllianceError(
                f"Two columns are called {header[place]!r}, one of them for {meaning}. Give each a"
                " name of its own."
            )
    missing = [m for m in NEEDED if m not in places and not (m == "session" and "date" in places)]
    if missing:
        columns = ", ".join(header[:12]) + (", …" if len(header) > 12 else "")
        raise AllianceError(
            f"No column looks like the {' or the '.join(missing)}; the file has: {columns}."
            f" Say which with --{missing[0]} NAME."
        )
    return Chosen(
        MappingProxyType(places),
        MappingProxyType({meaning: header[place] for meaning, place in places.items()}),
        frozenset(guessed),
        tuple(notes),
    )


def _declared(header: tuple[str, ...], meaning: str, name: str) -> int:
    if name in header:
        return header.index(name)
    folded = [_plain(one) for one in header]
    if folded.count(_plain(name)) == 1:
        return folded.index(_plain(name))
    close = nearest(name, header)
    hint = f"Did you mean {close}?" if close else f"The file has: {', '.join(header[:12])}."
    raise AllianceError(f"{name} (for {meaning}) is not a column of the file. {hint}")


def _candidates(header: tuple[str, ...], meaning: str) -> list[int]:
    """Return places of columns that may have this meaning, likeliest first.

    A column counts by its whole name, with or without ``id``, ``number`` and the like; scores and
    dates also by a part of it, where no whole name is known.
    """
    folded = [_plain(name) for name in header]
    stems = [_stem(name) for name in folded]
    known = MEANINGS[meaning]
    whole = [folded.index(name) for name in known if name in folded]
    whole += [stems.index(name) for name in known if name in stems]
    if whole or meaning not in BY_PART:
        return list(dict.fromkeys(whole))
    parts = [
        place
        for name in known
        for place, there in enumerate(folded)
        if len(name) > 2 and re.search(rf"\b{re.escape(name)}\b", there) and "birth" not in there
    ]
    return list(dict.fromkeys(parts))


def _stem(name: str) -> str:
    stem = re.sub(r" (id|code|number|no|nr|num|name|key)$", "", name)
    return re.sub(r"(id|nr|no|code)$", "", stem) if stem == name and len(name) > 6 else stem


def _plain(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[^0-9a-z]+", " ", spaced.lower()).split())
