"""Buttons that download a table of a room."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from dashboards.sweeps.exports import FORMS, Format, exported
from dashboards.widgets.download import Download

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

__all__ = ["table_buttons"]


def table_buttons(words: str, file: str, make: Callable[[], pl.DataFrame]) -> list[Any]:
    """Return a button for each form of a table's file.

    Parameters
    ----------
    words
        What is in the table, as the buttons name it.
    file
        Name of the file, without its ending.
    make
        Returns the table, when asked.
    """

    def made(form: Format) -> bytes:
        return exported(make(), form)

    return [
        Download(f"{words} ({end})", f"{file}.{form}", partial(made, form), kind).key(
            f"{file} {form}"
        )
        for end, form, kind in FORMS
    ]
