"""Write the tables of the documentation from the code they describe.

A table stands between two comments, ``<!-- begin generated: NAME -->`` and ``<!-- end generated: NAME -->``, in
any Markdown file of this directory. Everything between them is replaced; everything else is left alone.

    python docs/generate.py            write what has changed
    python docs/generate.py --check    write nothing; exit code 1 if something is out of date

Nothing is compiled and no clinic is run, so this takes seconds. The README and tutorials also show what commands
print, between ``<!-- begin output: COMMAND -->`` and ``<!-- end output -->``. Tests compare the two;

    python docs/generate.py --output   runs those pages and writes what their commands print
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tables.calibration import (
    between_clinics_table,
    discrepancy_table,
    ensemble_table,
    prior_table,
    unit_prior_table,
)
from tables.citation import citation
from tables.commands import command_sections
from tables.dyads import dyad_sections
from tables.equations import elementary_table, equation_table, further_equations
from tables.evidence import fact_table, mechanism_table
from tables.lessons import lesson_table
from tables.outcomes import (
    kind_table,
    outcome_table,
    series_table,
    statistic_table,
    unit_table,
)
from tables.parameters import parameter_tables
from tables.python import python_sections
from tables.results import column_tables, instrument_table, status_table
from tables.scales import scale_table
from tables.schedule import session_schedule, week_schedule
from tables.states import draw_table, state_tables, stream_table
from tables.terms import term_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"

MARKED = re.compile(
    r"(?P<begin><!-- begin generated: (?P<name>[a-z-]+) -->\n)(?P<body>.*?)"
    r"(?P<end><!-- end generated: (?P=name) -->)",
    re.DOTALL,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python docs/generate.py", description="Write the tables."
    )
    parser.add_argument(
        "--check", action="store_true", help="only tell whether they are up to date"
    )
    parser.add_argument(
        "--output", action="store_true", help="run again the commands whose output pages show"
    )
    given = parser.parse_args(arguments)
    if given.output:
        show_output()
    check = given.check
    stale = [
        path for path in sorted(HERE.glob("*.md")) if with_tables(path) != path.read_text("utf-8")
    ]
    for path in stale:
        if check:
            sys.stderr.write(f"{path.name} is out of date: run python docs/generate.py\n")
        else:
            path.write_text(with_tables(path), encoding="utf-8", newline="\n")
            sys.stdout.write(f"{path.name} written\n")
    return 1 if check and stale else 0


def show_output() -> None:
    """Run every page that shows what commands print, and write what they print now."""
    from website.running import SHOWN, run_page, with_output

    for page in (README, *sorted(HERE.rglob("*.md"))):
        text = page.read_text("utf-8")
        if SHOWN.search(text):
            with tempfile.TemporaryDirectory() as folder:
                shown = with_output(text, run_page(page, Path(folder)).printed)
            page.write_text(shown, encoding="utf-8", newline="\n")


def with_tables(path: Path) -> str:
    """Return the text of a page with every generated part as it should be.

    Raises
    ------
    ValueError
        If a page asks for a part that nothing here generates, or a part is begun and not ended.
    """
    text = path.read_text("utf-8")
    if text.count("<!-- begin generated: ") != len(MARKED.findall(text)):
        raise ValueError(f"{path.name} begins a generated part that it does not end.")

    def part(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in PARTS:
            raise ValueError(f"{path.name} asks for {name}; there are: {', '.join(PARTS)}.")
        return f"{match['begin']}\n{PARTS[name]().strip()}\n\n{match['end']}"

    return MARKED.sub(part, text)


PARTS: Mapping[str, Callable[[], str]] = {
    "between-clinics": between_clinics_table,
    "discrepancy": discrepancy_table,
    "citation": citation,
    "commands": command_sections,
    "lessons": lesson_table,
    "python": python_sections,
    "scales": scale_table,
    "outcome-kinds": kind_table,
    "units": unit_table,
    "outcomes": outcome_table,
    "series": series_table,
    "statistics": statistic_table,
    "dyads": dyad_sections,
    "ensembles": ensemble_table,
    "parameters": parameter_tables,
    "states": state_tables,
    "draws": draw_table,
    "streams": stream_table,
    "columns": column_tables,
    "statuses": status_table,
    "instruments": instrument_table,
    "session-schedule": session_schedule,
    "week-schedule": week_schedule,
    "equations": equation_table,
    "further-equations": further_equations,
    "elementary": elementary_table,
    "mechanisms": mechanism_table,
    "facts": fact_table,
    "priors": prior_table,
    "unit-priors": unit_prior_table,
    "terms": term_table,
}

if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    sys.exit(main())
