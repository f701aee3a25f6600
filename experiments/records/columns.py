"""Which column is which: as declared, or guessed from its name and shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from experiments.records.names import plain
from simulation.errors import AllianceError, nearest, unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "KNOWN_NAMES",
    "MEANINGS",
    "ColumnChoice",
    "choose_columns",
    "declared_place",
    "find_column",
    "place_of",
]

MEANINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "study": ("study", "site", "clinic", "centre", "center", "replicate", "einrichtung", "zentrum"),
        "client": (
            "client", "client id", "patient", "patient id", "case", "case id", "participant",
            "participant id", "subject", "subject id", "pid", "unique client id", "uniqueclientid",
            "record id", "pat", "pt", "klient", "klientin", "patientin", "patnr", "pat nr", "proband", "fall",
            "teilnehmer", "teilnehmerin", "versuchsperson", "vpn", "vp", "tn", "pseudonym",
            "chiffre", "fallnummer", "external reference", "id",
        ),
        "episode": ("episode", "course", "treatment", "treatment number", "behandlung", "therapie"),
        "session": (
            "session", "session number", "session no", "session nr", "session num", "sess",
            "visit", "appointment", "sitzung", "sitzungsnummer", "sitzung nr", "stunde", "termin",
            "therapiesitzung", "therapiestunde", "messzeitpunkt", "mzp",
        ),
        "therapist": (
            "therapist", "therapist id", "counsellor", "counselor", "clinician", "provider",
            "practitioner", "therapeut", "therapeutin", "behandler", "behandlerin",
            "psychotherapeut", "psychotherapeutin", "berater", "beraterin", "therap",
        ),
        "date": (
            "date", "session date", "datum", "sitzungsdatum", "day", "visit date", "recorded date",
        ),
        "alliance": (
            "wai sr client", "alliance", "alliance client", "client alliance", "working alliance",
            "wai sr", "wai", "wai total", "wai c", "wai summe", "srs", "haq", "haq ii",
            "alliance score", "allianz", "arbeitsbuendnis",
        ),
        "alliance_therapist": (
            "wai sr therapist", "wai therapist", "therapist wai", "wai t", "wai th", "wai ther", "wai therapeut",
            "alliance therapist", "therapist alliance",
        ),
        "symptom": (
            "core 10", "core10", "symptom", "symptoms", "symptom score", "core om", "phq 9", "phq9",
            "phq", "gad 7", "gad7", "oq 45", "oq45", "oq", "ors", "outcome score", "distress score",
            "severity score", "distress", "phq9 total", "phq 9 total", "bdi", "bdi ii", "bsi", "gsi",
            "scl 90", "belastung", "symptomatik",
        ),
        "ended": (
            "ended", "ended how", "status", "ending", "end", "termination", "termination type",
            "discharge", "discharge reason", "dropout", "dropped out", "drop out", "completed",
            "completer", "ende", "therapieende", "beendigung", "abbruch", "outcome",
            "therapieabschluss", "therapieausgang", "abschluss", "ausgang",
        ),
    }
)  # fmt: skip
"""Names each kind of column is known by, likeliest first; punctuation and case do not count."""

ONLY_IF_NO_OTHER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"client": ("code", "kode", "kennung")}
)
"""Names that say so little that they count where no other column looks like that kind alone."""

KNOWN_NAMES = frozenset(name for names in MEANINGS.values() for name in names) | {"csq 8", "wai s"}
"""Names of whole questionnaires and the like: a number at their end is none of a session or an item."""

NEEDED = ("client", "session")
NO_COLUMN = "-"
BY_PART = frozenset({"alliance", "symptom", "date"})

OTHER_RATERS = frozenset(
    {"therapist", "therapists", "therapeut", "therapeutin", "counsellor", "counselor", "clinician",
     "observer", "supervisor", "t", "th", "obs"}
)  # fmt: skip
"""Words in the name of a score that say that somebody else than the client gave it."""

PARTS = frozenset(
    {"item", "items", "bond", "task", "tasks", "goal", "goals", "bindung", "aufgaben", "ziele",
     "birth", "geburt", "geburtsdatum", "subscale"}
)  # fmt: skip
"""Words that say that a column is a part of a score, or the date of something else."""

IDENTIFIERS = "id|code|kode|number|nummer|no|nr|num|name|key|kennung|kuerzel"
"""What a name may end in that says whom or what a column counts."""

SHORTEST_COMPOUND = 4
"""Letters of a name that may be a word and an identifier in one, such as ``vpnr``."""

LINKS = ("", "s", "en", "n", "in", "innen")
"""What German puts between the words of a compound: ``Sitzungsnr``, ``Patientencode``, ``Klientinnennummer``."""

BOTH_GENDERS = re.compile(
    r"\b(\w*(?:therapeut|klient|patient|behandler|proband|teilnehmer|berater))(?:en)? (?:in|innen)\b"
)
"""``TherapeutIn``, ``Patient:innen`` and ``Klient*in``, as `plain` parts them."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which column holds what.

    Attributes
    ----------
    places
        Place of the column by meaning; a meaning that no column has is not in it.
    names
        Its name.
    notes
        What was chosen, and what else could have been.
    """

    places: Mapping[str, int]
    names: Mapping[str, str]
    notes: tuple[str, ...]


def choose_columns(header: tuple[str, ...], declared: Mapping[str, object]) -> ColumnChoice:
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
        When the header is none, a declared column is not there, a name stands there twice, or no column can be taken
        for the client or the session.
    """
    if sum(map(_is_no_name, header)) > len(header) / 2:
        raise AllianceError(
            "The first row looks like a record, not like the names of columns. Give a table with a header line."
        )
    for meaning in declared:
        if meaning not in MEANINGS:
            raise unknown_name(meaning, "a kind of column", MEANINGS)
    places = {
        meaning: _declared(header, meaning, name)
        for meaning, name in declared.items()
        if isinstance(name, str) and name != NO_COLUMN
    }
    open_meanings = [
        meaning
        for meaning in MEANINGS
        if meaning not in places and declared.get(meaning) != NO_COLUMN
    ]
    guessed, doubts = _guessed(header, open_meanings, taken=frozenset(places.values()))
    notes = [
        f"Columns {how}: "
        + ", ".join(f"{meaning} = {header[place]}" for meaning, place in these.items())
        + "."
        for how, these in (("guessed", guessed), ("declared", places))
        if these
    ]
    places |= guessed
    _check(header, places)
    return ColumnChoice(
        MappingProxyType(places),
        MappingProxyType({meaning: header[place] for meaning, place in places.items()}),
        (*notes, *doubts),
    )


def _guessed(
    header: tuple[str, ...], meanings: Sequence[str], *, taken: frozenset[int]
) -> tuple[dict[str, int], list[str]]:
    """Return the likeliest free column for each meaning that has one, and what else could be meant."""
    places: dict[str, int] = {}
    doubts: list[str] = []
    for meaning in meanings:
        found = [
            place
            for place in _candidates(header, meaning)
            if place not in taken and place not in places.values()
        ]
        if not found:
            continue
        places[meaning] = found[0]
        if len(found) > 1:
            others = ", ".join(header[place] for place in found[1:4])
            doubts.append(
                f"{header[found[0]]} is taken for {meaning}; {others} could be meant, too"
                f" (say --{meaning.replace('_', '-')} NAME)."
            )
        elif plain(header[found[0]]) in ONLY_IF_NO_OTHER.get(meaning, ()):
            doubts.append(
                f"{header[found[0]]} is taken for {meaning}, for no other column looks like it (else"
                f" --{meaning} NAME)."
            )
    return places, doubts


def _is_no_name(cell: str) -> bool:
    """Whether a cell is a number or a date."""
    return re.fullmatch(r"[-+\d.,:/ T]*\d[-+\d.,:/ T]*", cell) is not None


def _check(header: tuple[str, ...], places: Mapping[str, int]) -> None:
    for meaning, place in places.items():
        if header.count(header[place]) > 1:
            raise AllianceError(
                f"Two columns are called {header[place]!r}, one of them for {meaning}. Give each a"
                " different name."
            )
    missing = [m for m in NEEDED if m not in places and not (m == "session" and "date" in places)]
    if missing:
        columns = ", ".join(header[:12]) + (", …" if len(header) > 12 else "")
        raise AllianceError(
            f"No column looks like the {' or the '.join(missing)}; the file has: {columns}."
            f" Say which with --{missing[0]} NAME."
        )


def _declared(header: tuple[str, ...], meaning: str, name: str) -> int:
    place = declared_place(header, name)
    if place is not None:
        return place
    close = nearest(name, header)
    hint = f"Did you mean {close}?" if close else f"The file has: {', '.join(header[:12])}."
    raise AllianceError(f"{name} (for {meaning}) is not a column of the file. {hint}")


def declared_place(header: tuple[str, ...], name: object) -> int | None:
    """Return the place of a column by the name a user gave it, in upper or lower case; ``None`` for none."""
    if not isinstance(name, str) or name == NO_COLUMN:
        return None
    if name in header:
        return header.index(name)
    folded = [plain(one) for one in header]
    return folded.index(plain(name)) if folded.count(plain(name)) == 1 else None


def place_of(header: tuple[str, ...], declared: Mapping[str, object], meaning: str) -> int | None:
    """Return the place of the column that a user declared for a meaning, else of the likeliest; ``None`` for none."""
    place = declared_place(header, declared.get(meaning))
    return find_column(header, meaning) if place is None else place


def find_column(header: tuple[str, ...], meaning: str) -> int | None:
    """Return the place of the likeliest column for a meaning, by its name alone; ``None`` for none."""
    return next(iter(_candidates(header, meaning)), None)


def _candidates(header: tuple[str, ...], meaning: str) -> list[int]:
    """Return places of columns that may have this meaning, likeliest first.

    A column counts by its whole name, with or without ``id``, ``number`` and the like; scores and
    dates also by a part of it, where no whole name is known. Items, subscales and what somebody else
    than the client rated are none of these.
    """
    folded = [plain(name) for name in header]
    stems = [_stems(name) for name in folded]
    known = MEANINGS[meaning]
    whole = [folded.index(name) for name in known if name in folded]
    whole += [place for name in known for place, those in enumerate(stems) if name in those]
    whole = whole or [
        folded.index(name) for name in ONLY_IF_NO_OTHER.get(meaning, ()) if name in folded
    ]
    if whole or meaning not in BY_PART:
        return list(dict.fromkeys(whole))
    items = _items(folded)
    parts = [
        place
        for name in known
        for place, there in enumerate(folded)
        if len(name) > 2
        and re.search(rf"\b{re.escape(name)}\b", there)
        and not PARTS & set(there.split())
        and not (meaning == "alliance" and OTHER_RATERS & set(there.split()))
        and place not in items
    ]
    return list(dict.fromkeys(parts))


def _items(folded: Sequence[str]) -> set[int]:
    """Return the places of columns that differ from others in a number at the end alone."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(folded):
        found = re.fullmatch(r"(.+?) ?(?:i|item)?\d{1,2}[a-z]?", name)
        if found and name not in KNOWN_NAMES:
            places.setdefault(found[1], []).append(place)
    return {place for alike in places.values() if len(alike) > 1 for place in alike}


def _stems(name: str) -> frozenset[str]:
    """Return what a name may be without ``id``, ``Nr.`` and the like, in one word with it or beside it."""
    name = BOTH_GENDERS.sub(r"\1", name)
    stem = re.sub(rf" ({IDENTIFIERS})$", "", name)
    if stem == name and len(name) >= SHORTEST_COMPOUND:
        stem = re.sub(r"(id|nr|no|code|kode|nummer|kennung|kuerzel)$", "", name)
    if stem == name:
        return frozenset({name})
    return frozenset(stem.removesuffix(link) for link in LINKS)
