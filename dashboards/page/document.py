"""The page as one HTML document: styles, scripts and data inside it, nothing to load.

What it begins with stands in a block of JSON named ``start``, which a teacher may edit; the address after ``#`` goes
before it. The page forbids itself every connection by a policy of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from dashboards.charts.figures import as_json
from dashboards.compiled.scripts import clinics_data, page_script
from dashboards.evidence.about import citation, version
from dashboards.page.bundling import bundle
from dashboards.page.chance import chance
from dashboards.page.clinic import clinic
from dashboards.page.codes import codes
from dashboards.page.evidence import evidence, limits
from dashboards.page.lessons import finished_lessons, for_students
from dashboards.page.room import room
from dashboards.page.short_codes import basis
from dashboards.page.story import story
from dashboards.portable.model import model_script
from dashboards.shell.welcome import DISCLAIMER, NEVER
from experiments.reports.rendering import render
from simulation.engine.cache import source_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Contents", "page"]

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"
STYLES = (ASSETS / "custom.css", ASSETS / "story.css", HERE / "scripts" / "page.css")

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
)
"""What the page may do: run its own scripts. It can ask no address for anything."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a page holds.

    Attributes
    ----------
    title
        Its name, in the browser's tab and on its first page.
    lessons
        Keys of the lessons; all if empty.
    url
        Where the page will be put, for QR codes; empty if that is not known.
    students
        Whether it is for students alone: without the room *Teach*, the class wall, instructor notes and handouts with
        results.
    start
        What it begins with: ``place``, the room first shown, and settings of the rooms, see
        `dashboards.page.setting`.
    """

    title: str = "Alliance"
    lessons: tuple[str, ...] = ()
    url: str = ""
    students: bool = False
    start: Mapping[str, Any] = field(default_factory=dict)


def page(contents: Contents, tell: Callable[[int, int], None] = lambda _done, _total: None) -> str:
    """Return a page as HTML; takes some seconds, most of them for the lessons' runs.

    `tell` is called with the number of lessons that are done and of all.

    Raises
    ------
    AllianceError
        For a lesson that does not exist.
    """
    shown = finished_lessons(contents.lessons, tell)
    if contents.students:
        shown = [for_students(one) for one in shown]
    data = {
        "title": contents.title,
        "never": NEVER,
        "room": room(),
        "story": story(),
        "clinic": clinic(),
        "chance": chance(),
        "lessons": shown,
        "students": contents.students,
        "url": contents.url,
        "short": basis(),
        "codes": codes(contents.url, [one["key"] for one in shown]),
        "evidence": evidence(),
        "limits": limits(),
    }
    return render(
        __package__,
        "page.html",
        title=contents.title,
        description=NEVER,
        students=contents.students,
        policy=POLICY,
        version=version(),
        source=source_hash(),
        citation=citation(),
        disclaimer=DISCLAIMER,
        style=Markup("\n".join(one.read_text("utf-8") for one in STYLES)),
        start=_json(contents.start),
        data=_json(data),
        clinics=_inside(clinics_data()),
        script=_script(
            bundle(
                HERE / "scripts" / "main.js",
                {"model.js": model_script(), "engine.js": page_script()},
            )
        ),
    )


def _json(value: Any) -> Markup:
    """Return a value as JSON that no HTML can end: ``<`` is written as its number."""
    text = json.dumps(as_json(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _inside(text)


def _inside(text: str) -> Markup:
    """Return JSON for the middle of a page."""
    return Markup(text.replace("<", "\\u003c"))


def _script(text: str) -> Markup:
    """Return a script for the middle of a page, with nothing in it that would end it."""
    return Markup(text.replace("</script", "<\\/script").replace("<!--", "<\\!--"))
