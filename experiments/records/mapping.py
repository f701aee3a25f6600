"""How the records of one file are read, kept in a TOML file: columns, scales, codes, endings, courses."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.records.columns import MEANINGS
from experiments.records.scores import Scale
from experiments.records.values import DATE_FORMATS, ENDINGS, FREE_TEXT
from simulation.errors import AllianceError, unknown_name
from simulation.input_files import parse_toml, read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

__all__ = ["DataMapping", "mapping_text", "read_mapping"]

SCALES = ("alliance", "alliance_therapist", "symptom")
SCALE_KEYS = ("low", "high", "cut_off", "reliable_change", "more_is_better", "missing")
KEYS = ("table", "pause", "dates", "columns", "scales", "endings")
HEAD = """\
# How the records of one file are read. Made by alliance describe; check it, and change what is wrong.
#   alliance describe FILE --map THIS_FILE        alliance calibrate --data FILE --map THIS_FILE
"""


@dataclass(frozen=True, slots=True)
class DataMapping:
    """How the records of one file are read.

    Attributes
    ----------
    columns
        Name of the column by what it holds; ``"-"`` for none.
    scales
        What is known of ``alliance``, ``alliance_therapist`` and ``symptom``.
    endings
        Status that each word for an ending means; ``""`` for one that is not known.
    table
        The sheet or data frame; ``None`` where the file has one.
    pause
        Days without a session that end a course; ``None`` for the usual.
    dates
        How dates are written, such as ``"month/day/year"``; ``None`` for what most of them fit.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)
    table: str | None = None
    pause: int | None = None
    dates: str | None = None


def read_mapping(path: str | Path) -> DataMapping:
    """Read a mapping.

    Raises
    ------
    AllianceError
        When it is not TOML, has a name that none is known by, or a value that cannot be.
    """
    name = f"The mapping {path}"
    content = parse_toml(read_text(path, called="The mapping"), name)
    _only(name, content, "a part of a mapping", KEYS)
    columns = _texts(name, content, "columns")
    _only(name, columns, "a kind of column", MEANINGS)
    endings = _texts(name, content, "endings")
    for status in endings.values():
        if status and status not in ENDINGS:
            raise AllianceError(f"{name}: {unknown_name(status, 'an ending', ENDINGS)}")
    scales = content.get("scales", {})
    if not isinstance(scales, dict):
        raise AllianceError(f"{name}: scales is no table: write a part such as [scales.alliance].")
    _only(name, scales, "a scale", SCALES)
    pause, dates, table = (content.get(key) for key in ("pause", "dates", "table"))
    if pause is not None and (type(pause) is not int or pause < 0):
        raise AllianceError(
            f"{name}: pause = {pause!r} is no number of days: give a whole one, 0 for never."
        )
    forms = list(dict.fromkeys(form for _, form in DATE_FORMATS))
    if dates is not None and dates not in forms:
        raise AllianceError(
            f"{name}: dates = {dates!r} is not known; there are {', '.join(forms)}."
        )
    if table is not None and not isinstance(table, str):
        raise AllianceError(
            f"{name}: table = {table!r} is no name: give that of a sheet or data frame in quotation marks."
        )
    return DataMapping(
        columns=columns,
        scales={kind: _scale(f"{name}, scales.{kind}", one) for kind, one in scales.items()},
        endings=endings,
        table=table,
        pause=pause,
        dates=dates,
    )


def _only(name: str, content: Mapping[str, Any], what: str, known: Collection[str]) -> None:
    for key in content:
        if key not in known:
            every = f"There are: {', '.join(known)}."
            raise AllianceError(f"{name}: {unknown_name(key, what, known, see=every)}")


def _texts(name: str, content: Mapping[str, Any], part: str) -> dict[str, str]:
    found = content.get(part, {})
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise AllianceError(
            f"{name}: {part} is no table of texts: write each in quotation marks below [{part}]."
        )
    return found


def _scale(name: str, content: Any) -> Scale:
    if not isinstance(content, dict):
        raise AllianceError(f"{name} is no table: write low = and high = below it, each on a line.")
    _only(name, content, "a part of a scale", SCALE_KEYS)
    low, high = _number(name, content, "low"), _number(name, content, "high")
    if (low is None) != (high is None) or (low is not None and high is not None and low >= high):
        raise AllianceError(f"{name}: give low and high, low below high.")
    missing = content.get("missing")
    if missing is not None and not isinstance(missing, list):
        raise AllianceError(f'{name}: missing is no list: write one such as ["99", "k.A."].')
    more_is_better = content.get("more_is_better", False)
    if not isinstance(more_is_better, bool):
        raise AllianceError(
            f"{name}: more_is_better = {more_is_better!r} is not allowed: give true or false."
        )
    reliable_change = _number(name, content, "reliable_change")
    if reliable_change is not None and reliable_change <= 0:
        raise AllianceError(
            f"{name}: reliable_change = {reliable_change:g} is not above 0: give the change as a positive number."
        )
    return Scale(
        range=None if low is None or high is None else (low, high),
        cut_off=_number(name, content, "cut_off"),
        reliable_change=reliable_change,
        more_is_better=more_is_better,
        missing=None if missing is None else tuple(str(one) for one in missing),
    )


def _number(name: str, content: Mapping[str, Any], key: str) -> float | None:
    value = content.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise AllianceError(
            f"{name}: {key} = {value!r} is no number: give one without quotation marks."
        )
    return float(value)


def mapping_text(mapping: DataMapping) -> str:
    """Write a mapping as TOML, with a comment for what could not be told."""
    lines = [HEAD]
    if mapping.table is not None:
        lines.append(f"table = {_quoted(mapping.table)}")
    if mapping.pause is not None:
        lines.append(
            f"pause = {mapping.pause}  # days without a session that end a course; 0 for never"
        )
    if mapping.dates is not None:
        lines.append(f"dates = {_quoted(mapping.dates)}")
    lines += ["", "[columns]"]
    lines += [f"{meaning} = {_quoted(name)}" for meaning, name in mapping.columns.items()]
    for kind, scale in mapping.scales.items():
        lines += ["", f"[scales.{kind}]", *_scale_lines(kind, scale)]
    if len(mapping.endings) > FREE_TEXT:
        lines += [
            "",
            f"# [endings] has {len(mapping.endings)} different entries: free text, not copied.",
        ]
    elif mapping.endings:
        lines += ["", f"# {', '.join(ENDINGS)}", "[endings]"]
        lines += [
            f"{_quoted(word)} = {_quoted(status)}{'' if status else '  # not known'}"
            for word, status in mapping.endings.items()
        ]
    return "\n".join(lines) + "\n"


def _scale_lines(kind: str, scale: Scale) -> list[str]:
    lines = []
    if scale.range is None:
        lines.append("# The range could not be told: give low = and high =, the possible scores.")
    else:
        lines += [f"low = {scale.range[0]:g}", f"high = {scale.range[1]:g}"]
    if kind == "symptom":
        for key in ("cut_off", "reliable_change"):
            value = getattr(scale, key)
            lines.append(f"# {key} = " if value is None else f"{key} = {value:g}")
        lines.append(f"more_is_better = {str(scale.more_is_better).lower()}")
    if scale.missing is not None:
        lines.append(f"missing = [{', '.join(map(_quoted, scale.missing))}]")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
