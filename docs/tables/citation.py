"""How the project is cited, from `CITATION.cff`."""

from __future__ import annotations

import re
from pathlib import Path

CITATION = Path(__file__).resolve().parents[2] / "CITATION.cff"


def citation() -> str:
    """Return the reference in words and for BibTeX."""
    text = CITATION.read_text("utf-8")
    given = dict(re.findall(r'^(title|version|date-released): "?([^"\n]*)"?$', text, re.MULTILINE))
    (author,) = re.findall(r'^  - name: "([^"]*)"$', text, re.MULTILINE)
    year = given["date-released"][:4]
    words = (
        f"{author} ({year}). *{given['title']}* (version {given['version']}) [Computer software]."
    )
    fields = {
        "author": f"{{{author}}}",
        "title": given["title"],
        "version": given["version"],
        "year": year,
    }
    lines = "\n".join(f"  {name:<7} = {{{value}}}," for name, value in fields.items())
    return f"{words}\n\n```bibtex\n@software{{alliance,\n{lines}\n}}\n```"
