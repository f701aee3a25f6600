"""From clean rows and their scores to the tables that statistics are computed on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.records.coded import in_order
from experiments.records.measured_sessions import measured_sessions
from experiments.records.names import plain
from experiments.records.session_numbers import AFTER
from experiments.records.values import (
    FREE_TEXT,
    NO_DAY,
    UNKNOWN_ENDING,
    has_other_reason,
    read_ending,
)
from experiments.tables.run_tables import RunTables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.rows import CleanRows, ClientKey
    from experiments.records.scores import Scores
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["build_tables", "client_order", "ending_words", "sessions_measured"]

EMPTY, UNKNOWN = -1, -2

MOST_WORDS = 4
"""Unknown words for an ending that a note shows."""


@dataclass(frozen=True, slots=True, eq=False)
class ClientRows:
    """Which rows belong to which client.

    Attributes
    ----------
    keys
        Study, client and course as the file calls them, in the order of the clients' numbers.
    of_row
        Number of the client of each row.
    in_order
        The rows by client, and within a client by session.
    """

    keys: tuple[ClientKey, ...]
    of_row: Integers
    in_order: Integers

    @property
    def count(self) -> int:
        return len(self.keys)


def build_tables(
    rows: CleanRows, scores: Scores, endings: Mapping[str, str] = MappingProxyType({})
) -> tuple[RunTables, tuple[str, ...]]:
    """Return the tables, and notes on what had to be decided for a client as a whole.

    Parameters
    ----------
    rows, scores
        What the file says.
    endings
        The user's own words for how treatment ended, and the status each means.
    """
    clients = _clients(rows)
    in_session = (rows.sessions >= 1) & (rows.sessions < AFTER)
    client_columns, notes = _client_columns(rows, scores, clients, endings)
    session_columns: dict[str, Any] = {
        "replicate": client_columns["replicate"][clients.of_row[in_session]],
        "client": clients.of_row[in_session],
        "session": rows.sessions[in_session],
        **{name: values[in_session] for name, values in scores.values.items()},
    }
    if (rows.days != NO_DAY).any():
        week = _weeks(rows)
        client_columns["week_started"] = _earliest(week, clients)
        session_columns["week"] = week[in_session]
    return RunTables(client_columns, session_columns), notes


def client_order(rows: CleanRows) -> list[ClientKey]:
    """Return whose each row of the clients' table is."""
    return [rows.keys[number] for number in _ordered(rows)]


def _ordered(rows: CleanRows) -> list[int]:
    """Return the places among `CleanRows.keys` of the clients who have a row, in the order of the clients' table."""
    there = np.flatnonzero(np.bincount(rows.client)).tolist()
    return sorted(there, key=[_natural(key) for key in rows.keys].__getitem__)


def _clients(rows: CleanRows) -> ClientRows:
    ordered = _ordered(rows)
    rank = np.zeros(len(rows.keys), dtype=np.int64)
    rank[ordered] = np.arange(len(ordered))
    of_row = rank[rows.client]
    keys = tuple(rows.keys[number] for number in ordered)
    return ClientRows(keys, of_row, in_order(of_row, rows.sessions))


def _natural(key: ClientKey) -> tuple[str, int, str, str]:
    """Sort client 2 before client 10."""
    study, client, course = key
    is_number = client.isascii() and client.isdigit() and len(client) < 18
    return study, int(client) if is_number else 0, client, course


def _client_columns(
    rows: CleanRows, scores: Scores, clients: ClientRows, endings: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    notes: list[str] = []
    studies = {name: n for n, name in enumerate(sorted({study for study, _, _ in clients.keys}))}
    last_session = np.zeros(clients.count, dtype=np.int64)
    is_after = rows.sessions == AFTER
    np.maximum.at(last_session, clients.of_row, np.where(is_after, 0, rows.sessions))
    notes += _never_seen(rows, clients, last_session)
    columns: dict[str, Any] = {
        "replicate": np.array([studies[study] for study, _, _ in clients.keys], dtype=np.int64),
        "client": np.arange(clients.count, dtype=np.int64),
        "sessions": last_session,
    }
    if "csq_8" in scores.values:
        columns["csq_8_last"] = _last_score(scores.values["csq_8"], clients)
    if "core_10" in scores.values:
        if is_after.any():
            columns["core_10_last"] = _last_score(scores.values["core_10"], clients)
        if (rows.sessions == 0).any():
            intake, note = _intake(rows.sessions == 0, scores.values["core_10"], clients)
            columns["core_10_intake"] = intake
            notes.append(note)
        else:
            notes.append("There is no session 0; the first score stands for intake.")
    if rows.has("therapist"):
        columns["therapist"], said = _therapists(rows, clients)
        notes += said
    if rows.has("ended"):
        columns["status"], said = _endings(rows, clients, endings)
        notes += said
    return columns, tuple(notes)


def _never_seen(rows: CleanRows, clients: ClientRows, last_session: Integers) -> list[str]:
    """Say which clients have no session, but a row of before or after treatment."""
    without = last_session == 0
    if not without.any():
        return []
    measured = sessions_measured(rows)
    why = (
        "session score; they count as never started, though they may have left before the first session that is"
        " measured"
        if measured
        else "session but session 0 or a last score; they count as never started"
    )
    count = int(without.sum())
    return [
        f"{count} client{'s have' if count > 1 else ' has'} no {why}: {rows.name(without[clients.of_row])}."
    ]


def sessions_measured(rows: CleanRows) -> tuple[int, ...]:
    """Return the sessions at which scores were asked for, where sessions are seen through them alone.

    Where a column says how many sessions a client had, nothing needs to be seen.
    """
    if rows.cells.counted:
        return ()
    held = (rows.sessions >= 1) & (rows.sessions < AFTER)
    return measured_sessions(rows.client[held], rows.sessions[held])


def _last_score(scores: Floats, clients: ClientRows) -> Floats:
    last = np.full(clients.count, np.nan)
    scored = clients.in_order[np.isfinite(scores[clients.in_order])]
    last[clients.of_row[scored]] = scores[scored]  # the last of several counts
    return last


def _intake(is_intake: Booleans, scores: Floats, clients: ClientRows) -> tuple[Floats, str]:
    """Return each client's score at intake; the first score where there is none."""
    intake = np.full(clients.count, np.nan)
    intake[clients.of_row[is_intake]] = scores[is_intake]
    without = np.isnan(intake)
    scored = clients.in_order[np.isfinite(scores[clients.in_order])][::-1]
    scored = scored[without[clients.of_row[scored]]]
    intake[clients.of_row[scored]] = scores[scored]  # the last of several counts: the first in time
    if not without.any():
        return intake, "Session 0 is taken for intake."
    return intake, (
        "Session 0 is taken for intake;"
        f" {int(without.sum())} clients without it: their first score."
    )


def _therapists(rows: CleanRows, clients: ClientRows) -> tuple[Integers, list[str]]:
    """Return the number of each client's therapist, -1 for none; a change of therapist is noted."""
    column = rows.coded("therapist")
    number_of = {name: number for number, name in enumerate(sorted({*column.words} - {""}))}
    number = np.array([number_of.get(name, -1) for name in column.words], dtype=np.int64)
    number = number[column.codes]
    therapist = np.full(clients.count, -1, dtype=np.int64)
    named = clients.in_order[number[clients.in_order] >= 0]
    therapist[clients.of_row[named[::-1]]] = number[named[::-1]]  # the first of several
    changed = named[number[named] != therapist[clients.of_row[named]]].tolist()
    notes: list[str] = []
    if changed:
        notes.append(
            f"The therapist is another than in the client's first session in {rows.name(changed)};"
            " each client is counted for the first."
        )
    without = int((therapist < 0).sum())
    if without:
        notes.append(f"{without} clients have no therapist.")
    return therapist, notes


def _meanings(
    cells: set[str], column: str, labels: Mapping[str, str], own: Mapping[str, str]
) -> dict[str, str | None]:
    """Return the status that each cell means: in the user's own words, by its label, or as it is written."""
    plainly = {plain(word): status for word, status in own.items()}
    return {
        cell: (
            plainly.get(plain(cell))
            or plainly.get(plain(labels.get(cell, cell)))
            or read_ending(labels.get(cell, cell), column)
        )
        for cell in cells
    }


def ending_words(rows: CleanRows, own: Mapping[str, str]) -> dict[str, str]:
    """Return the file's words for endings, the most frequent first, with the status each means; ``""`` for none."""
    if not rows.has("ended"):
        return {}
    column, cells = rows.columns.names["ended"], rows.coded("ended")
    labels = rows.cells.labels.get(column, {})
    counts = Counter(cells.counts)
    meanings = _meanings(set(counts), column, labels, own)
    return {
        labels.get(cell, cell): meanings[cell] or ""
        for cell, _ in counts.most_common()
        if meanings[cell] != ""
    }


def _endings(rows: CleanRows, clients: ClientRows, own: Mapping[str, str]) -> tuple[Any, list[str]]:
    """Return each client's status; the last word about it counts."""
    column, cells = rows.columns.names["ended"], rows.coded("ended")
    labels = rows.cells.labels.get(column, {})
    meaning_of = _meanings(set(cells.words), column, labels, own)
    # The statuses that are meant, by number; below 0 what is not known, and an empty cell.
    statuses = sorted({meant for meant in meaning_of.values() if meant})
    number = np.array(
        [
            statuses.index(meant) if meant else (EMPTY if meant == "" else UNKNOWN)
            for meant in map(meaning_of.__getitem__, cells.words)
        ],
        dtype=np.int64,
    )[cells.codes]
    unknown = np.flatnonzero(number == UNKNOWN).tolist()
    said = clients.in_order[number[clients.in_order] >= 0]
    client, meant = clients.of_row[said], number[said]
    other = (client[1:] == client[:-1]) & (meant[1:] != meant[:-1])
    changing = said[1:][other].tolist()
    changed = set(client[1:][other].tolist())
    status = np.full(clients.count, len(statuses), dtype=np.int64)
    status[client] = meant  # the last of several
    notes: list[str] = []
    if unknown:
        words = sorted({labels.get(cells[row], cells[row]) for row in unknown})
        if len(words) > FREE_TEXT:
            words = []
        shown = ", ".join(repr(word[:30]) for word in words[:MOST_WORDS])
        more = ", …" if len(words) > MOST_WORDS else ""
        notes.append(
            f"{column} says {shown or 'what is free text'}{more} in {rows.name(unknown)}, which is no known ending"
            " (completed, dropped out, session limit, in treatment); say in a mapping (--map) what it means."
        )
    notes += _other_reasons(rows, meaning_of, own)
    if changing:
        notes.append(
            f"{column} changes within {len(changed)} clients, in {rows.name(changing)}; the last entry counts."
        )
    without = int((status == len(statuses)).sum())
    if without:
        notes.append(
            f"How treatment ended is not known for {without} clients; they are left out of rates"
            " of dropout."
        )
    return np.array([*statuses, UNKNOWN_ENDING])[status], notes


def _other_reasons(
    rows: CleanRows, meaning_of: Mapping[str, str | None], own: Mapping[str, str]
) -> list[str]:
    """Say which endings are neither completed nor dropped out, where the user has not said what they mean."""
    column, cells = rows.columns.names["ended"], rows.coded("ended")
    labels = rows.cells.labels.get(column, {})
    said = {plain(word) for word in own}
    words = {
        cell: labels.get(cell, cell)
        for cell, meant in meaning_of.items()
        if meant == UNKNOWN_ENDING
        and has_other_reason(labels.get(cell, cell))
        and said.isdisjoint({plain(cell), plain(labels.get(cell, cell))})
    }
    if not words:
        return []
    where = np.array([word in words for word in cells.words])[cells.codes]
    shown = ", ".join(repr(word) for word in sorted(set(words.values()))[:MOST_WORDS])
    return [
        f"{column} says {shown} in {rows.name(where)}: neither completed nor dropped out, so these clients are left"
        " out of rates of dropout (a mapping can say otherwise)."
    ]


def _weeks(rows: CleanRows) -> Floats:
    """Return weeks since the first date of all; ``nan`` where a row has no date."""
    known = rows.days != NO_DAY
    return np.where(known, (rows.days - rows.days[known].min()) / 7.0, np.nan)


def _earliest(week: Floats, clients: ClientRows) -> Floats:
    started = np.full(clients.count, np.nan)
    np.fmin.at(started, clients.of_row, week)
    return started
