"""A handout holds the question, the figures or room for them, what is published, and the way back to the lesson."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from dashboards.addresses.address import read
from dashboards.addresses.pages import pages
from dashboards.addresses.qr import qr_code
from dashboards.charts.figures import Axis, Bars, Lines, Series
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.handout import handout
from dashboards.lessons.onward import opens
from dashboards.lessons.print_figures import drawn
from dashboards.lessons.running import result_of
from experiments.evidence.reading import fact

KEYS = [lesson.key for lesson in lessons()]


def pictures(page: str) -> list[ElementTree.Element]:
    """Return the drawings of a handout's figures."""
    found = re.findall(r"<figure>.*?(<svg.*?</svg>).*?</figure>", page, re.DOTALL)
    return [ElementTree.fromstring(one) for one in found]


@pytest.mark.parametrize("key", KEYS)
def test_a_handout_has_a_place_for_every_figure_and_the_figure_after_the_run(key: str) -> None:
    lesson, result = find_lesson(key), result_of(key)
    before, after = handout(lesson), handout(lesson, result)
    for page in (before, after):
        assert len(pictures(page)) == len(lesson.figures)
        assert page.count("<figcaption>") == len(lesson.figures)
        for wanted in lesson.published:
            one = fact(wanted.fact)
            assert one.id in page
            assert not one.doi or f"doi:{one.doi}" in page
    for figure, picture in zip(result.figures, pictures(after), strict=True):
        words = [one.text for one in picture.iter("text")]
        if isinstance(figure, Bars):
            assert set(figure.names) <= set(words)
        marks = [one for one in picture.iter() if one.tag in {"circle", "rect", "polyline"}]
        values = [value for one in figure.series for value in one.values if value is not None]
        assert len(marks) == len(figure.series) if isinstance(figure, Lines) else len(values)
    # Room to draw has the axes with their scales, and no mark of the model.
    for picture in pictures(before):
        assert not [one for one in picture.iter() if one.tag in {"circle", "rect", "polyline"}]
        scale = [one for one in picture.iter("text") if re.fullmatch(r"[−\d.%\s]+", one.text or "")]
        assert len(scale) >= 3


def test_a_drawing_shows_the_values_in_their_places() -> None:
    bars = Bars(
        "Name",
        "Summary.",
        Axis("Points", 0.0, 10.0),
        ("low", "high"),
        (Series("all", (0.0, 10.0), (0.0, 8.0), (2.0, 10.0)),),
        points=True,
    )
    low, high = (float(one) for one in re.findall(r'<circle cx="([\d.]+)"', drawn(bars).picture))
    assert low == pytest.approx(14.0)
    assert high == pytest.approx(326.0)
    lines = Lines(
        "Name",
        "Summary.",
        Axis("Session", 1.0, 3.0),
        Axis("Share", 0.0, 1.0, percent=True),
        (1.0, 2.0, 3.0),
        (Series("all", (1.0, None, 0.0)),),
    )
    path = re.findall(r'<polyline points="([^"]+)"', drawn(lines).picture)[0].split()
    (left, top), (right, bottom) = (tuple(map(float, point.split(","))) for point in path)
    assert left < right
    assert bottom - top == pytest.approx(160.0)
    assert "100 %" in drawn(lines).picture


@pytest.mark.parametrize("key", KEYS)
def test_the_address_and_the_code_on_a_handout_open_the_lesson(key: str) -> None:
    address = f"http://192.168.1.20:8765{opens(key)}"
    page = handout(find_lesson(key), None, address, qr_code(address, sized=False))
    assert re.findall(r'href="([^"]+)"', page.replace("&amp;", "&")) == [address]
    code = re.search(r'<div class="link">(<svg.*?</svg>)', page)
    assert code is not None
    assert "viewBox" in ElementTree.fromstring(code[1]).attrib
    place, notices = read("lessons", address.partition("?")[2], pages()["lessons"].fields)
    assert notices == ()
    assert place.view["lesson"] == key
    assert "this computer" not in page
    assert "runs the dashboard only" not in page


def test_a_handout_says_when_its_address_answers_on_one_computer_only() -> None:
    address = f"http://127.0.0.1:8765{opens('too_rigid')}"
    assert "runs the dashboard only" in handout(find_lesson("too_rigid"), None, address)


def test_there_are_eight_lines_to_write_upon() -> None:
    page = handout(find_lesson("feedback"))
    lines = re.search(r'<div class="lines">((?:<div></div>)*)</div>', page)
    assert lines is not None
    assert lines[1].count("<div>") == 8
    assert 'class="lines"' not in handout(find_lesson("feedback"), result_of("feedback"))
