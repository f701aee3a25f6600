"""A table whose widths are set looks as Rich lays it out, however wide the terminal is."""

from __future__ import annotations

import io

import pytest
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from experiments.reports.column_widths import set_widths


def some_table(mark: str) -> Table:
    table = Table(title="Some", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Fact", no_wrap=True)
    table.add_column("What was found", min_width=12)
    table.add_column("Value", justify="right", no_wrap=True)
    table.add_column("A long heading", justify="right", no_wrap=True)
    for number in range(4):
        words = "alliance and outcome of many clients " * number
        value = Text(f"{10**number} 治療", style="bold")
        table.add_row(f"F{10**number}", words, value, mark * number)
    return table


def drawn(table: Table, width: int) -> str:
    page = io.StringIO()
    Console(file=page, width=width, emoji=False, highlight=False).print(table, crop=False)
    return page.getvalue()


@pytest.mark.parametrize("mark", ["x", "[bold]x[/bold]", "two words\nof two lines "])
@pytest.mark.parametrize("width", [10, 20, 30, 40, 50, 60, 70, 80, 118, 200])
def test_widths_change_nothing_of_a_table(mark: str, width: int) -> None:
    assert drawn(set_widths(some_table(mark)), width) == drawn(some_table(mark), width)


def test_widths_are_those_of_the_longest_cell() -> None:
    widths = [column.width for column in set_widths(some_table("x")).columns]
    assert widths == [5, None, 9, 14]
    assert set_widths(some_table("[b]x[/b]")).columns[3].width is None
