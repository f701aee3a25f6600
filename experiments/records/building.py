"""From rows that were read to the tables that statistics are computed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.records.values import UNKNOWN_ENDING, read_ending
from experiments.statistics.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.instruments import Instrument
    from experiments.records.reading import Reader
    from experiments.statistics.tables import Booleans, Floats, Integers

__all__ = ["Builder"]


class Builder:
    """Builds the tables of the rows that a reader has kept, and notes what it had to decide."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def tables(self, instruments: Mapping[str, Instrument]) -> Tables:
        """Build the tables."""
        order = sorted({self.reader.keys[place] for place in self.reader.kept}, key=_natural)
        number_of = {key: number for number, key in enumerate(order)}
        who = np.array(
            [number_of[self.reader.keys[place]] for place in self.reader.kept], dtype=np.int64
        )
        places = np.array(self.reader.kept, dtype=np.int64)
        number = self.reader.sessions[places]
        names = sorted({key[0] for key in order})
        study = np.array([names.index(key[0]) for key in order], dtype=np.int64)
        held = np.zeros(len(order), dtype=np.int64)
        np.maximum.at(held, who, number)
        clients: dict[str, Any] = {
            "replicate": study,
            "client": np.arange(len(order), dtype=np.int64),
            "sessions": held,
        }
        in_session = number >= 1
        sessions: dict[str, Any] = {
            "replicate": study[who[in_session]],
            "client": who[in_session],
            "session": number[in_session],
        }
        for kind, column in (("alliance", "wai_sr_client"), ("symptom", "core_10")):
            if kind in instruments:
                sessions[column] = self.reader.scores[kind][places][in_session]
        for name, values in self.reader.more.items():
            sessions.setdefault(name, values[places][in_session])
        if "csq_8" in self.reader.more:
            clients["csq_8_last"] = self._latest(
                self.reader.more["csq_8"], who, places, number, len(order)
            )
        if "symptom" in instruments and not in_session.all():
            clients["core_10_intake"] = self._intake(who, places, number, len(order))
        elif "symptom" in instruments:
            self.reader.notes.append("There is no session 0; the first score stands for intake.")
        if "therapist" in self.reader.chosen.places:
            clients["therapist"] = self._therapists(who, places, number, len(order))
        if "ended" in self.reader.chosen.places:
            clients["status"] = self._endings(who, places, number, len(order))
        if any(self.reader.dates[place] is not None for place in self.reader.kept):
            self._weeks(clients, sessions, who, places, in_session)
        return Tables(clients, sessions)

    def _latest(
        self, scores: Floats, who: Integers, places: Integers, number: Integers, count: int
    ) -> Floats:
        last = np.full(count, np.nan)
        for row in np.lexsort((number, who)):
            if np.isfinite(scores[places[row]]):
                last[who[row]] = scores[places[row]]
        return last

    def _intake(
        self,
        who: Integers,
        places: Integers,
        number: Integers,
        count: int,
    ) -> Floats:
        intake = np.full(count, np.nan)
        first = number == 0
        intake[who[first]] = self.reader.scores["symptom"][places[first]]
        without = np.isnan(intake)
        scores = self.reader.scores["symptom"][places]
        for row in np.lexsort((-number, who)):
            if without[who[row]] and np.isfinite(scores[row]):
                intake[who[row]] = scores[row]
        self.reader.notes.append(
            "Session 0 is taken for intake"
            + (
                f"; {int(without.sum())} clients without it: their first score."
                if without.any()
                else "."
            )
        )
        return intake

    def _therapists(
        self,
        who: Integers,
        places: Integers,
        number: Integers,
        count: int,
    ) -> Integers:
        cells = self.reader.column("therapist")
        names = {
            name: n
            for n, name in enumerate(sorted({cells[p] for p in self.reader.kept if cells[p]}))
        }
        therapist = np.full(count, -1, dtype=np.int64)
        changed: list[int] = []
        for row in np.lexsort((number, who)):
            name = cells[places[row]]
            if not name:
                continue
            if therapist[who[row]] < 0:
                therapist[who[row]] = names[name]
            elif therapist[who[row]] != names[name]:
                changed.append(int(places[row]))
        if changed:
            self.reader.notes.append(
                f"The therapist is another than in the client's first session in {self.reader.rows(changed)};"
                " each client is counted for the first."
            )
        without = int((therapist < 0).sum())
        if without:
            self.reader.notes.append(f"{without} clients have no therapist.")
        return therapist

    def _endings(
        self,
        who: Integers,
        places: Integers,
        number: Integers,
        count: int,
    ) -> Any:
        cells, name = self.reader.column("ended"), self.reader.chosen.names["ended"]
        status = [""] * count
        unknown: list[int] = []
        changed: set[int] = set()
        for row in np.lexsort((number, who)):
            meant = read_ending(cells[places[row]], name)
            if meant is None:
                unknown.append(int(places[row]))
            elif meant:
                if status[who[row]] not in {"", meant}:
                    changed.add(int(who[row]))
                status[who[row]] = meant
        if unknown:
            words = sorted({cells[place] for place in unknown})
            shown = ", ".join(repr(word[:30]) for word in words[:4]) + (
                ", …" if len(words) > 4 else ""
            )
            self.reader.notes.append(
                f"{name} says {shown} in {self.reader.rows(unknown)}, which is no known ending (completed,"
                " dropped out, session limit, in treatment)."
            )
        if changed:
            self.reader.notes.append(
                f"{name} changes within {len(changed)} clients; the last entry counts."
            )
        open_ended = sum(not one for one in status)
        if open_ended:
            self.reader.notes.append(
                f"How treatment ended is not known for {open_ended} clients; they are left out of rates"
                " of dropout."
            )
        return np.array([one or UNKNOWN_ENDING for one in status])

    def _weeks(
        self,
        clients: dict[str, Any],
        sessions: dict[str, Any],
        who: Integers,
        places: Integers,
        in_session: Booleans,
    ) -> None:
        first = min(
            day for place in self.reader.kept if (day := self.reader.dates[place]) is not None
        )
        week = np.array(
            [
                np.nan if (day := self.reader.dates[place]) is None else (day - first).days / 7.0
                for place in places
            ]
        )
        started = np.full(clients["client"].size, np.nan)
        np.fmin.at(started, who, week)
        clients["week_started"] = started
        sessions["week"] = week[in_session]


def _natural(key: tuple[str, str]) -> tuple[str, int, str]:
    return (
        key[0],
        int(key[1]) if key[1].isascii() and key[1].isdigit() and len(key[1]) < 18 else 0,
        key[1],
    )
