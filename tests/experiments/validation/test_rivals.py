"""Four mechanisms can tell the same story about one number; the table says which survive the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from experiments.reports.rivals_table import rivals_page
from experiments.validation.rival_mechanisms import MECHANISMS, Rivals, rivals

if TYPE_CHECKING:
    from experiments.validation.results import Validation


@pytest.fixture(scope="module")
def found() -> Rivals:
    return rivals(studies=20)


def text_of(found: Rivals) -> str:
    from rich.console import Console

    console = Console(width=150, record=True, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    for part in rivals_page(found):
        console.print(part)
    return console.export_text()


def with_headline(found: Rivals, mechanism: str, *, inside: bool) -> Rivals:
    def changed(one: Validation) -> Validation:
        if one.preset != mechanism:
            return one
        rows = tuple(replace(r, inside=inside) if r.id == "F01" else r for r in one.rows)
        return replace(one, rows=rows)

    return Rivals(tuple(changed(one) for one in found.validations))


def test_all_four_answer_for_the_same_findings(found):
    assert tuple(one.preset for one in found.validations) == MECHANISMS
    for rows in found.by_fact():
        assert len({row.id for row in rows}) == 1
    assert found.by_fact()[0][0].id == "F01"


def test_the_table_says_when_a_rival_does_not_reach_the_headline(found):
    reached = with_headline(found, "halo", inside=True)
    assert reached.reaches_headline("halo")
    assert "halo" not in [
        line.split(":")[0] for line in text_of(reached).splitlines() if "NOT reach" in line
    ]
    failed = with_headline(found, "halo", inside=False)
    assert not failed.reaches_headline("halo")
    assert "halo: survives" in text_of(failed)
    assert any("halo" in line and "NOT reach" in line for line in text_of(failed).splitlines())


def test_the_headline_does_not_count_as_survival(found):
    before = found.findings_inside("trait")
    for inside in (True, False):
        assert with_headline(found, "trait", inside=inside).findings_inside("trait") == before


def test_what_tells_them_apart_is_named(found):
    discriminating = found.discriminating()
    for rows in found.by_fact():
        verdicts = {row.inside for row in rows}
        assert (rows[0].id in discriminating) == (verdicts == {True, False})


def test_json_has_one_object_a_finding(found):
    entries = json.loads(json.dumps(found.to_dicts(), allow_nan=False))
    assert len(entries) == len(found.by_fact())
    for entry in entries:
        assert set(entry["mechanisms"]) == set(MECHANISMS)
        assert all("reaches_F01" in one for one in entry["mechanisms"].values())
