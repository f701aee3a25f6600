"""The table of the words of the project."""

from __future__ import annotations

from tables.markdown import glossary, table


def term_table() -> str:
    """Return what each word means, in alphabetical order."""
    rows = [(term.replace("_", " "), meaning) for term, meaning in glossary()["terms"].items()]
    return table(("Term", "Meaning"), sorted(rows))
