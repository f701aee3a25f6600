"""The form that hands a file of records to this computer's own server, and shows what comes back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_type_hints

import anywidget
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import module
from experiments.cli.record_options import RecordOptions

__all__ = ["RecordsReader", "RecordsReaderWidget", "offered"]

WORDS = {
    "client": "Column for the client",
    "session": "Column for the session",
    "therapist": "Column for the therapist",
    "date": "Column for the date",
    "alliance": "Column for the alliance",
    "symptom": "Column for the symptom score",
    "alliance_therapist": "Column for the therapist's rating",
    "episode": "Column for the course",
    "ended": "Column for how it ended",
    "study": "Column for the site",
    "alliance_range": "Range of the alliance",
    "symptom_range": "Range of the symptom score",
    "missing": "Codes for missing",
    "pause": "Pause that ends a course",
    "table": "Sheet or table",
}


EXAMPLES = {
    "alliance_range": "12:60",
    "symptom_range": "0:27",
    "missing": "99, -99",
    "pause": "365",
}


def offered() -> list[dict[str, str]]:
    """Return the options that the form has, each with its words, an example and what it is for."""
    hints = get_type_hints(RecordOptions, include_extras=True)
    found = []
    for one in fields(RecordOptions):
        if one.name in WORDS:
            option = get_args(hints[one.name])[1]
            found.append(
                {
                    "name": one.name,
                    "label": WORDS[one.name],
                    "example": EXAMPLES.get(one.name, ""),
                    "help": str(option.help),
                }
            )
    return found


class RecordsReaderWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/records.js``."""

    _esm = module("records.js")

    options: traitlets.List[Any] = traitlets.List().tag(sync=True)


@component
def RecordsReader() -> Any:
    """Show the form."""
    return RecordsReaderWidget.element(options=offered())
