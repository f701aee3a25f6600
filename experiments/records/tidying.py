"""What programs put around a table: empty columns, row names, the three header rows of Qualtrics."""

from __future__ import annotations

from dataclasses import replace

from experiments.records.cells import Cells, rows_text
from experiments.records.names import plain

__all__ = ["ROW_NAMES", "has_rows_of_headers", "is_of_qualtrics", "tidy"]

ROW_NAMES = frozenset({"", "unnamed 0", "rownames", "row names", "index", "x", "row"})

ABOUT_THE_SURVEY = frozenset(
    {
        "start date", "end date", "status", "ipaddress", "ip address", "progress", "duration in seconds",
        "finished", "response id", "recipient last name", "recipient first name", "recipient email",
        "location latitude", "location longitude", "distribution channel", "user language",
    }
)  # fmt: skip
"""Columns of Qualtrics that are about filling in, or about whom no study needs to know by name."""

TELLING = frozenset(
    {"start date", "end date", "progress", "finished", "recorded date", "response id"}
)
"""Columns that tell an export of Qualtrics where its further rows of headers are gone, as in a file of SPSS."""

PREVIEWS = frozenset({"survey preview", "survey test", "1", "2"})


def tidy(cells: Cells) -> Cells:
    """Return the table alone, with a note for everything that was around it."""
    return _without_row_names(_without_empty_columns(_without_survey(cells)))


def is_of_qualtrics(cells: Cells) -> bool:
    """Whether a table is an export of Qualtrics, with all rows of its header or with the first alone."""
    return has_rows_of_headers(cells) or {plain(name) for name in cells.header} >= TELLING


def has_rows_of_headers(cells: Cells) -> bool:
    """Whether a table has the second and the third row of the header of Qualtrics."""
    return len(cells.lines) > 1 and any('"ImportId"' in column[1] for column in cells.columns)


def _without_empty_columns(cells: Cells) -> Cells:
    stay = [
        place
        for place, (name, column) in enumerate(zip(cells.header, cells.columns, strict=True))
        if name or any(column)
    ]
    lost = len(cells.header) - len(stay)
    if not lost:
        return cells
    return cells.only_columns(stay).noting(f"Columns without name and cells are dropped: {lost}.")


def _without_row_names(cells: Cells) -> Cells:
    """Drop a first column that only counts the rows, or has the names that R gives them."""
    first = cells.columns[0]
    name = plain(cells.header[0])
    if len(cells.header) < 3 or name not in ROW_NAMES:
        return cells
    numbers = [int(cell) for cell in first if cell.isascii() and cell.isdigit() and len(cell) < 12]
    counted = len(numbers) == len(first) and numbers == list(
        range(numbers[0], numbers[0] + len(numbers))
    )
    if not counted and not (name == "" and len(set(first)) == len(first)):
        return cells
    stay = range(1, len(cells.header))
    return cells.only_columns(stay).noting(
        f"The first column{f' ({cells.header[0]})' if name else ''} only numbers the rows; it is dropped."
    )


def _without_survey(cells: Cells) -> Cells:
    """Take an export of Qualtrics apart: further rows of headers, columns about the survey, previews."""
    if not is_of_qualtrics(cells):
        return cells
    names = [plain(name) for name in cells.header]
    first = 2 if has_rows_of_headers(cells) else 0
    previews = set()
    if "status" in names:
        status = cells.columns[names.index("status")]
        previews = {
            place for place in range(first, len(status)) if plain(status[place]) in PREVIEWS
        }
    rest = cells.only_rows([p for p in range(first, len(cells.lines)) if p not in previews])
    surplus = [
        place
        for place, name in enumerate(names)
        if name in ABOUT_THE_SURVEY or (name == "recorded date" and "date" in names)
    ]
    # The time of answering is the only date there is, if the survey itself does not ask for one.
    notes = [
        "An export of Qualtrics: the second and third row of its header are no records."
        if first
        else "An export of Qualtrics, with the first row of its header alone."
    ]
    if surplus:
        notes.append(f"Its {len(surplus)} columns about the survey itself are not used.")
    if previews:
        lines = [cells.lines[place] for place in sorted(previews)]
        notes.append(f"Left out {rows_text(lines)}: previews of the survey.")
        rest = replace(rest, left_out=(*rest.left_out, *lines))
    return rest.only_columns([p for p in range(len(names)) if p not in surplus]).noting(*notes)
