"""The example records as exports of REDCap and Qualtrics, with all that such exports say about who filled them in."""

from __future__ import annotations

import csv
import io
import random
from typing import TYPE_CHECKING

import polars as pl

from experiments.examples.counselling_records import FILE
from experiments.records.mapping import DataMapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

FRAME = pl.read_csv(FILE)
CODES = {"completed": "1", "dropped out": "2", "limit reached": "3"}
MAPPING = DataMapping(
    endings={"1": "completed", "2": "dropped_out", "3": "session_limit"},
)
"""Endings are codes of choices, which the export has no words for."""

Row = dict[str, object]
Table = list[dict[str, str]]
OWN = ("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
EMPTY = {
    "redcap_survey_identifier", "Survey Identifier", "first_name", "email", "mrn", "birth_date", "notes",
    "baseline_timestamp", "session_timestamp",
}  # fmt: skip
"""Columns of which nothing is in a twin."""

BASELINE = (
    "redcap_survey_identifier",
    "redcap_data_access_group",
    "therapist",
    "first_name",
    "email",
    "mrn",
    "birth_date",
    "age",
    "gender",
    "consent___1",
    "baseline_timestamp",
    "baseline_complete",
)
FIELDS = (
    *BASELINE,
    "session_date",
    "wai_sr",
    "notes",
    "session_timestamp",
    "session_complete",
    "core_10",
    "core_complete",
    "discharge_reason",
    "discharge_complete",
)


def _baseline(one: dict[str, object], number: int, draw: random.Random) -> Row:
    day = str(one["date"])
    return {
        "redcap_survey_identifier": f"person{number}@clinic.example",
        "redcap_data_access_group": ("north_hospital", "south_hospital")[number % 2],
        "therapist": one["therapist"],
        "first_name": draw.choice(("Ada", "Ben", "Cleo")),
        "email": f"person{number}@clinic.example",
        "mrn": 700_000 + 13 * number,
        "birth_date": f"19{60 + number % 40}-0{1 + number % 9}-1{number % 10}",
        "age": one["age"] if number % 7 else None,
        "gender": {"f": 1, "m": 2, "d": 3}[str(one["gender"])],
        "consent___1": 1,
        "baseline_timestamp": f"{day} 08:{number % 60:02}:11",
        "baseline_complete": 2,
    }


def _session(one: dict[str, object], number: int) -> Row:
    return {
        "session_date": one["date"],
        "wai_sr": one["wai_sr"],
        "notes": f"talked of matter {number}-{one['session']}",
        "session_timestamp": f"{one['date']} 17:{number % 60:02}:09",
        "session_complete": 2 if one["wai_sr"] is not None else 0,
    }


def _text(header: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
    return text.getvalue()


def _redcap(
    baseline: Callable[[int], Row],
    sessions: Callable[[int, int], dict[str, Row]],
    last: Callable[[int], Row] | None,
) -> str:
    """Write an export.

    Parameters
    ----------
    baseline
        REDCap's own cells in the row of a client's baseline, by the number of the client.
    sessions
        The same by instrument ("session" and "core", or "both"), by client and session.
    last
        The same for the row of discharge; the ending stands in the baseline where left out.
    """
    draw = random.Random(3)
    rows: list[Row] = []
    for number, (_, own) in enumerate(FRAME.group_by("client", maintain_order=True), 1):
        visits = own.to_dicts()
        ending = {"discharge_reason": CODES.get(str(visits[-1]["ended"]))}
        first = {"record_id": number, **baseline(number), **_baseline(visits[0], number, draw)}
        rows.append({**first, "core_10": visits[0]["core_10"], **({} if last else ending)})
        of: dict[str, list[Row]] = {}
        for one in visits[1:]:
            for instrument, cells in sessions(number, int(one["session"])).items():
                row: Row = {"record_id": number, **cells}
                if instrument in {"session", "both"}:
                    row |= _session(one, number)
                if instrument in {"core", "both"}:
                    row |= {"core_10": one["core_10"], "core_complete": 2}
                # An instrument that was not filled in has no row.
                if instrument != "core" or one["core_10"] is not None:
                    of.setdefault(instrument, []).append(row)
        rows += [row for several in of.values() for row in several]
        if last and ending["discharge_reason"]:
            rows.append({"record_id": number, **last(number), **ending, "discharge_complete": 2})
    used = {name for row in rows for name in row}
    return _text([name for name in (*OWN, *FIELDS) if name in used], rows)


def of_event(name: str, instrument: str = "", instance: int | str = "") -> Row:
    return dict(zip(OWN[1:], (name, instrument, instance), strict=True))


def instruments() -> str:
    """Two repeating instruments in one event, baseline and discharge in others."""
    return _redcap(
        lambda _: of_event("baseline_arm_1"),
        lambda _, n: {
            which: of_event("treatment_arm_1", which, n) for which in ("session", "core")
        },
        lambda _: of_event("discharge_arm_1"),
    )


def classic() -> str:
    """A project without events: what does not repeat stands in one row a record."""
    own = OWN[2:]
    return _redcap(
        lambda _: dict.fromkeys(own, ""),
        lambda _, n: {"both": dict(zip(own, ("session", n), strict=True))},
        None,
    )


def repeating_event() -> str:
    return _redcap(
        lambda _: of_event("baseline_arm_1"),
        lambda _, n: {"both": of_event("treatment_arm_1", "", n)},
        lambda _: of_event("discharge_arm_1"),
    )


def arms() -> str:
    """An event a session, in a project of two arms, one of three clients in the second."""

    def arm(number: int) -> int:
        return 2 if number % 3 == 0 else 1

    def named(name: str, number: int) -> Row:
        return {"redcap_event_name": f"{name}_arm_{arm(number)}"}

    return _redcap(
        lambda number: named("baseline", number),
        lambda number, n: {"both": named(f"session_{n}", number)},
        lambda number: named("end_of_treatment", number),
    )


def labels() -> str:
    """The same as `instruments`, exported with labels."""
    header, *rows = instruments().splitlines()
    names = dict(
        zip(OWN, ("Record ID", "Event Name", "Repeat Instrument", "Repeat Instance"), strict=True)
    ) | {"redcap_survey_identifier": "Survey Identifier"}
    text = "\n".join([",".join(names.get(name, name) for name in header.split(",")), *rows, ""])
    for event in ("baseline", "treatment", "discharge"):
        text = text.replace(f"{event}_arm_1", f"{event.title()} (Arm 1: Usual care)")
    return text


REDCAP = {
    "instruments": instruments,
    "classic": classic,
    "repeating event": repeating_event,
    "arms": arms,
    "labels": labels,
}

ABOUT = (
    "StartDate",
    "EndDate",
    "Status",
    "IPAddress",
    "Progress",
    "Duration (in seconds)",
    "Finished",
    "RecordedDate",
    "ResponseId",
    "RecipientLastName",
    "RecipientFirstName",
    "RecipientEmail",
    "ExternalReference",
    "LocationLatitude",
    "LocationLongitude",
    "DistributionChannel",
    "UserLanguage",
)


def _about(row: int, client: int, day: str, draw: random.Random) -> Row:
    return dict(
        zip(
            ABOUT,
            (
                f"{day} 10:{row % 60:02}:01",
                f"{day} 10:{row % 60:02}:55",
                "IP Address",
                f"203.0.113.{client}",
                100,
                draw.randint(40, 900),
                "True",
                f"{day} 10:{row % 60:02}:56",
                f"R_{draw.getrandbits(60):015x}",
                f"Surname{client}",
                f"Given{client}",
                f"person{client}@clinic.example",
                4000 + 7 * client,
                f"{51 + client / 977:.4f}",
                f"{-1 - client / 983:.4f}",
                "email",
                "EN",
            ),
            strict=True,
        )
    )


def _survey(fields: Sequence[str], rows: Iterable[Row]) -> str:
    header = (*ABOUT, *fields)
    heads = [
        dict(zip(header, texts, strict=True))
        for texts in (
            (*ABOUT, *(f"How about {name},\nin your own words?" for name in fields)),
            [f'{{"ImportId":"QID{n}_TEXT","timeZone":"Europe/Berlin"}}' for n in range(len(header))],
        )
    ]  # fmt: skip
    return _text(header, [*heads, *rows])


def survey() -> str:
    """A response a session, two of them previews."""
    draw = random.Random(5)
    fields = (
        "client",
        "session",
        "therapist",
        "wai_sr",
        "core_10",
        "age",
        "Q9",
        "Ending",
        "Q12_TEXT",
    )
    number = {one: n for n, one in enumerate(FRAME["client"].unique(maintain_order=True), 1)}
    rows = []
    for place, one in enumerate(FRAME.to_dicts()):
        about = _about(place, number[one["client"]], one["date"], draw)
        if place < 2:
            rows.append(
                {**about, "Status": "Survey Preview", "client": "test", "session": place + 1}
            )
        own = {
            **{name: one[name] for name in ("client", "session", "therapist", "wai_sr", "core_10")},
            "age": one["age"] if one["session"] == 0 else None,
            "Q9": "12"[place % 2],
            "Ending": CODES.get(one["ended"]),
            "Q12_TEXT": f"I felt thing {place}",
        }
        rows.append({**about, **own})
    return _survey(fields, rows)


def survey_of_clients() -> str:
    """A response a client, with columns for scores before and after."""
    draw = random.Random(5)
    fields = ("client", "therapist", "sessions", "core_10_pre", "core_10_post", "Ending")
    rows = []
    for number, (_, own) in enumerate(FRAME.group_by("client", maintain_order=True), 1):
        visits = own.to_dicts()
        scores = [one["core_10"] for one in visits if one["core_10"] is not None]
        rows.append(
            {
                **_about(number, number, visits[0]["date"], draw),
                "client": visits[0]["client"],
                "therapist": visits[0]["therapist"],
                "sessions": len(visits) - 1,
                "core_10_pre": scores[0],
                "core_10_post": scores[-1] if number % 5 else None,
                "Ending": CODES.get(visits[-1]["ended"]),
            }
        )
    return _survey(fields, rows)


def survey_without_heads() -> str:
    """The same as `survey`, with the second and the third row deleted, as they are before other programs read it."""
    header, _, _, *rows = csv.reader(io.StringIO(survey()))
    return _text(header, [dict(zip(header, row, strict=True)) for row in rows])


QUALTRICS = {"survey": survey, "survey of clients": survey_of_clients}
EXPORTS = {**REDCAP, **QUALTRICS, "survey without heads": survey_without_heads}


def lines_of(path: Path) -> list[list[str]]:
    """Return the cells of a CSV file, row by row, as they are written."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def table_of(path: Path, heads: int = 1) -> Table:
    """Return the rows of a CSV file by column, below so many header rows."""
    header, *lines = lines_of(path)
    return [dict(zip(header, line, strict=True)) for line in lines[heads - 1 :]]
