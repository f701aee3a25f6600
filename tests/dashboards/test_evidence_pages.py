"""What the Evidence and about pages show: complete, escaped, and structured so that a screen reader can follow."""

from __future__ import annotations

import math
import re
import threading
import tomllib
from dataclasses import replace
from html import escape
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dashboards.computing.cache import Shared
from dashboards.evidence import validated as evidence
from dashboards.evidence.about import (
    TITLE,
    citation_html,
    forbidden_html,
    limits_html,
    purpose_html,
)
from dashboards.evidence.documents import as_html, page
from dashboards.evidence.equations import equations, equations_html, notation_html
from dashboards.evidence.parameter_list import parameters_html, statuses_counted
from dashboards.rooms.tables import table
from experiments.evidence.informed import ROLE_WORDS
from experiments.quantities.writing import published
from experiments.validation.validate import validate
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS
from tests.dashboards.outline import Outline

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def judged():
    return validate("default", studies=20, threads=1)


@pytest.fixture(scope="module")
def pieces(judged):
    return {
        "fit": evidence.validation_html(judged, "fit"),
        "informed": evidence.validation_html(judged, "informed"),
        "predict": evidence.validation_html(judged, "predict"),
        "misses": evidence.misses_html(judged),
        "parameters": parameters_html(),
        "equations": equations_html(),
        "notation": notation_html(),
        "forbidden": forbidden_html(),
        "purpose": purpose_html(),
        "limits": limits_html(),
        "citation": citation_html(),
    }


def test_every_piece_is_whole_and_loads_nothing(pieces):
    for name, html in pieces.items():
        read = Outline(html)
        assert len(html) > 100, name
        assert all(link.startswith(("#", "https://")) for link in read.links), name
        assert not {tag for tag, _ in read.tags} & {"script", "img", "iframe", "link"}


def test_every_cell_of_a_table_that_is_stacked_on_a_phone_says_what_it_is(pieces):
    made = [
        *(pieces[name] for name in ("fit", "predict", "parameters")),
        table("A", ("B", "C"), [("b", "c")], (1,)),
    ]
    for html in made:
        tables = re.findall(r'<table class="stacks">.*?</table>', html, re.DOTALL)
        assert tables
        for one in tables:
            heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', one)
            for row in re.findall(r'<tr[^>]*><th scope="row">.*?</tr>', one, re.DOTALL):
                assert re.findall(r'<td[^>]*data-label="([^"]*)"', row) == heads[1:]


def test_every_table_of_a_page_of_the_documentation_is_stacked_on_a_phone(pieces):
    tables = re.findall(r"<table[^>]*>.*?</table>", pieces["limits"], re.DOTALL)
    assert tables
    for one in tables:
        assert one.startswith('<table class="stacks">')
        heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', one)
        rows = re.findall(r"<tr>\s*(<td.*?)</tr>", one, re.DOTALL)
        assert rows
        for row in rows:
            assert re.findall(r'<td[^>]*data-label="([^"]*)"', row) == heads[1:]


def test_headings_start_below_the_rooms_own_and_skip_no_level(pieces):
    for html in pieces.values():
        levels = [2, *Outline(html).levels]
        assert min(levels) == 2
        for before, after in pairwise(levels):
            assert after <= before + 1


def test_no_id_is_given_twice_and_every_link_within_the_page_has_a_target(pieces):
    read = Outline("".join(pieces.values()))
    assert len(read.ids) == len(set(read.ids))
    inner = {link[1:] for link in read.links if link.startswith("#")}
    assert inner
    assert inner <= set(read.ids)


def test_every_table_has_a_caption_and_headers_with_a_scope(pieces):
    for name in ("fit", "informed", "predict", "parameters"):
        read = Outline(pieces[name])
        tags = [tag for tag, _ in read.tags]
        assert tags.count("table") == tags.count("caption") > 0
        assert all("scope" in attrs for tag, attrs in read.tags if tag == "th")


def test_what_scrolls_can_be_reached_by_keyboard_and_has_a_name(pieces):
    for html in pieces.values():
        for tag, attrs in Outline(html).tags:
            if attrs.get("role") == "region":
                assert attrs["tabindex"] == "0"
                assert attrs["aria-label"]
            if tag == "pre":
                assert attrs["tabindex"] == "0"


def test_text_from_the_evidence_is_escaped(judged):
    row = replace(judged.rows[0], statistic='<script>alert("x")</script>', inside=False)
    html = evidence.validation_html(replace(judged, rows=(row,)), row.role)
    html += evidence.misses_html(replace(judged, rows=(row,)))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_fitted_and_predicted_are_told_apart_and_add_up(judged):
    fit, informed, predict = (evidence.forest(judged, role) for role in ROLE_WORDS)
    names = [*fit.names, *informed.names, *predict.names]
    assert len(names) == len(set(names)) == len(judged.rows)
    assert "were fitted" in fit.title
    assert "set by hand" in informed.title
    assert "predicted" in predict.title


def test_a_point_lies_between_minus_one_and_one_exactly_when_it_is_inside(judged):
    for row in judged.rows:
        place = evidence.place_in_range(row, row.simulated)
        if row.high > row.low:
            within = -1.0 - 1e-9 <= place <= 1.0 + 1e-9
            nothing = row.simulated == 0.0 and 0.0 in {row.low, row.high}
            assert (within and not nothing) == row.inside, row.id
        assert -2.0 <= place <= 2.0 or math.isnan(place)


@pytest.mark.parametrize("role", ROLE_WORDS)
def test_a_table_says_of_every_finding_what_the_comparison_gave(judged, role):
    body = evidence.validation_html(judged, role).replace("<br>", "<br/>")
    shown = [
        ["".join(cell.itertext()) for cell in row]
        for row in ElementTree.fromstring(body).iter("tr")
    ][1:]
    rows = [row for row in judged.rows if row.role == role]
    assert len(shown) == len(rows) > 5
    for row, (name, statistic, known, counts, simulated, verdict, _, source) in zip(
        rows, shown, strict=True
    ):
        assert (name, statistic) == (row.id, row.statistic)
        assert known.startswith(
            "a direction only" if row.published is None else published(row.published)
        )
        assert counts == f"{published(row.low)} to {published(row.high)}"
        ends = f" ({published(row.simulated_low)} to {published(row.simulated_high)})"
        without = math.isnan(row.simulated_low)
        assert simulated == published(row.simulated) + ("" if without else ends)
        close = "" if row.sure else ", close"
        idle = ", not counted" if row.not_counting else ""
        assert verdict == f"{'inside' if row.inside else 'outside'}{close}{idle}"
        assert source.startswith(row.citation)
    classes = [tag.get("class") for tag in ElementTree.fromstring(body).iter("td")][4::7]
    assert classes == ["inside" if row.inside else "outside" for row in rows]


def test_some_findings_are_outside_some_are_close_and_some_do_not_count(judged):
    rows = judged.rows
    assert {row.inside for row in rows} == {row.sure for row in rows} == {True, False}
    assert {bool(row.not_counting) for row in rows} == {True, False}


@pytest.mark.parametrize("role", ROLE_WORDS)
def test_a_chart_draws_simulated_and_published_intervals_in_the_range(judged, role):
    chart = evidence.forest(judged, role)
    rows = [row for row in judged.rows if row.role == role]
    for series, name in zip(chart.series, ("simulated", "published"), strict=True):
        for drawn, end in (
            (series.values, ""),
            (series.low, "_low"),
            (series.high, "_high"),
        ):
            for row, place in zip(rows, drawn, strict=True):
                value = getattr(row, f"{name}{end}")
                if value is None or math.isnan(value):
                    assert place is None, (row.id, name, end)
                elif row.high > row.low:
                    inside = (value - row.low) / (row.high - row.low) * 2 - 1
                    assert place == pytest.approx(min(max(inside, -2), 2), abs=1e-4)


def test_the_sentence_at_the_top_counts_what_the_comparison_gave(judged):
    told = evidence.headline(judged)
    fit, predict = judged.count_inside("fit"), judged.count_inside("predict")
    assert f"{fit.inside} of {fit.total}" in told
    assert f"{predict.inside} of {predict.total}" in told
    none = replace(judged, rows=tuple(replace(row, inside=False) for row in judged.rows))
    assert f"0 of {fit.total}" in evidence.headline(none)


def test_every_miss_is_explained_and_nothing_else_is_called_one(judged):
    missed = evidence.misses(judged)
    assert {one.id for one in missed} == {row.id for row in judged.rows if not row.inside}
    assert all(one.explanation for one in missed)
    order = ["predict", "informed", "fit"]
    assert [one.role for one in missed] == sorted((one.role for one in missed), key=order.index)


def test_the_comparison_is_computed_once_for_everybody(monkeypatch, judged):
    called = []
    monkeypatch.setattr(evidence, "VALIDATIONS", Shared())
    monkeypatch.setattr(
        "experiments.validation.validate.validate",
        lambda preset, **_: called.append(preset) or judged,
    )
    callers = [threading.Thread(target=evidence.validated) for _ in range(5)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    assert called == ["default"]
    assert evidence.validated() is judged
    assert called == ["default"]


def test_every_parameter_has_a_row_that_says_how_it_is_known():
    html = parameters_html()
    assert re.findall(r'id="parameter-(\w+)"', html) == list(PARAMETERS)
    for name, row in PARAMETERS.items():
        assert f'id="parameter-{name}"' in html
        assert row.meaning.split("<")[0].split("&")[0].split("'")[0] in html
    assert sum(statuses_counted().values()) == len(PARAMETERS)


def test_every_equation_of_the_documentation_is_shown_with_the_parameters_it_reads():
    names = [one.name for one in equations()]
    assert names == re.findall(r"^#### `(\w+)`$", page("model").partition("## 8 ")[0], re.MULTILINE)
    dropout = next(one for one in equations() if one.name == "dropout_probability")
    assert '<a href="#parameter-dropout_alliance">dropout_alliance</a>' in dropout.html
    assert "σ(" in dropout.html


def test_signs_in_formulas_survive_as_entities():
    kind = next(one for one in equations() if one.name == "rupture_kind")
    assert "u &lt; P(rupture)" in kind.html


def test_markdown_is_rendered_here_with_its_tables_and_without_links_to_files():
    html = as_html(
        "# A\n\nsee [limits](limits.md) and `x < 1`\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    )
    assert "<h3>A</h3>" in html
    assert "limits.md" not in html
    assert "x &lt; 1" in html
    assert '<th scope="col">a</th>' in html


def test_a_page_that_is_missing_is_told_of():
    with pytest.raises(AllianceError, match="page nothing"):
        page("nothing")


def test_what_it_must_not_be_used_for_comes_from_the_documentation():
    assert "Any decision about a real person" in forbidden_html()
    assert "Judging a therapist" in forbidden_html()
    assert "Any decision" not in limits_html()
    assert "25 of 25" not in limits_html()


def test_the_citation_has_the_title_of_the_citation_file():
    assert f'title: "{TITLE}"' in (ROOT / "CITATION.cff").read_text("utf-8")


def test_an_installed_package_carries_every_page_that_is_shown():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for name in ("model", "limits"):
        assert carried[f"docs/{name}.md"] == f"dashboards/evidence/documents/{name}.md"


def test_the_pages_are_well_formed(pieces):
    for html in pieces.values():
        body = html.replace("<br>", "<br/>").replace("<hr>", "<hr/>")
        ElementTree.fromstring(f"<div>{body}</div>")


def test_it_is_told_what_was_simulated_and_what_a_range_is_worth(judged):
    told = evidence.how_validated(judged)
    assert f"{judged.studies} simulated studies of {judged.clients_per_study} clients" in told
    assert "set before the fit" in told
    page = "".join(evidence.validation_html(judged, role) for role in ROLE_WORDS)
    for row in judged.rows:
        assert escape(row.range_reason) in page, "the reason for a range stands beside it"


def test_that_headlines_lie_high_in_their_ranges_is_said_exactly_when_most_do(judged):
    rows = [row for name in evidence.HEADLINES if (row := judged.row(name)) is not None]
    high = [row for row in rows if row.inside and row.simulated > (row.low + row.high) / 2]
    assert ("ties process and outcome more closely" in evidence.headline(judged)) == (
        2 * len(high) > len(rows)
    )


def test_a_miss_is_told_with_what_was_published(judged):
    told = evidence.misses_html(judged)
    for one in evidence.misses(judged):
        assert f"<dt>{one.id} " in told
    assert told.count("would count as reproduced") == len(evidence.misses(judged))
