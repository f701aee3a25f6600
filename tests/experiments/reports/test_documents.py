"""Documents show any text as text: nothing a user wrote can become an element of a page."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.reports.document import Code, Note, Section, TableOfTexts, document
from experiments.reports.svg import element

NASTY = '<script>alert("x & y")</script>'


def test_every_block_of_a_report_escapes_its_text() -> None:
    blocks = (
        Note(NASTY),
        TableOfTexts((NASTY,), ((NASTY,),)),
        Code(NASTY, caption=NASTY),
    )
    page = document(NASTY, (Section(NASTY, blocks),))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 2 + 2 + len(blocks) + 2


def test_a_table_without_names_has_no_head() -> None:
    page = document("t", (Section("s", (TableOfTexts(("", ""), (("a", "b"),), left=(0,)),)),))
    assert "<thead>" not in page
    assert "<td class=l>a</td><td>b</td>" in page


@given(st.text(st.characters(exclude_categories=("C",)), max_size=40))
def test_any_text_in_a_drawing_is_read_back_as_it_was(text: str) -> None:
    drawing = ElementTree.fromstring(element("g", element("text", text), aria_label=text))
    assert drawing.get("aria-label") == text
    assert (drawing[0].text or "") == text


def test_an_element_has_only_what_it_is_given() -> None:
    assert element("path", class_="axis", stroke_width=2, d=None) == (
        '<path class="axis" stroke-width="2"/>'
    )


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize(("path", "meant"), [("/sweeep", "Sweep"), ("/<b>x", None), ("/", None)])
def test_an_address_that_stands_for_nothing_leads_to_the_rooms(path: str, meant, alone) -> None:
    from dashboards.addresses.pages import rooms
    from dashboards.app.documents import not_found

    app = SimpleNamespace(state=SimpleNamespace(alone=alone))
    request = SimpleNamespace(url=SimpleNamespace(path=path), app=app)
    answer = asyncio.run(not_found(request, Exception()))
    page = answer.body.decode()
    assert answer.status_code == 404
    assert "<b>" not in page
    assert all(f'<a href="/{one.name}">{one.title}</a>' in page for one in rooms(alone=alone))
    assert (">Records</a>" in page) is alone
    assert ("Did you mean" in page) == (meant is not None)
    assert meant is None or f">{meant}</a>?" in page
