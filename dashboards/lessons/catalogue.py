"""Reading and finding lessons."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from pydantic import ValidationError

from dashboards.lessons.lesson import Lesson
from dashboards.lessons.measures import MEASURES
from dashboards.lessons.part import first_fault
from dashboards.lessons.wanted import FigureWanted, FindingWanted
from experiments.catalogue import outcome
from experiments.evidence.reading import fact
from simulation.errors import AllianceError, unknown_name
from simulation.input_files import parse_toml
from simulation.presets import layered

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_lesson", "lessons", "parse_lesson"]

ORDER = (
    "why_people_leave",
    "empathy_without_boundaries",
    "too_rigid",
    "rupture_and_repair",
    "who_is_still_there",
    "tired_team",
    "correlation_is_not_cause",
    "therapist_effects",
    "two_therapists",
    "feedback",
    "felt_and_reported",
)
"""Lessons in the order in which a course might take them; others follow by name."""


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return every lesson of the package, in the order of a course."""
    folder = resources.files(__package__)
    found = [
        parse_lesson(file.read_text("utf-8"), file.name)
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    place = {key: number for number, key in enumerate(ORDER)}
    return tuple(sorted(found, key=lambda one: (place.get(one.key, len(place)), one.key)))


def find_lesson(key: str) -> Lesson:
    """Return the lesson of this key.

    Raises
    ------
    AllianceError
        When there is none; names the nearest.
    """
    for one in lessons():
        if one.key == key:
            return one
    raise unknown_name(key, "a lesson", [one.key for one in lessons()])


def parse_lesson(text: str, file: str) -> Lesson:
    """Return the lesson that a file's text describes.

    Raises
    ------
    AllianceError
        When something in it is not allowed; names the file and the entry.
    """
    content = parse_toml(text, file)
    content.setdefault("key", file.removesuffix(".toml"))
    try:
        lesson = Lesson.model_validate(content)
    except ValidationError as error:
        fault = first_fault(error, "a lesson", Lesson, FindingWanted, FigureWanted)
        raise AllianceError(f"{file}: {fault}") from error
    _known(lesson, file)
    return lesson


def _known(lesson: Lesson, file: str) -> None:
    """Refuse names that the rest of the project does not know."""
    try:
        settings = [arm.settings() for arm in lesson.arms]
        onward = lesson.next
        layered(onward.presets, onward.parameters)
        layered(onward.other_presets, onward.other_parameters)
        for name in onward.vary:
            if name not in type(settings[0]).model_fields:
                raise unknown_name(name, "a parameter", type(settings[0]).model_fields)
        if onward.outcome:
            outcome(onward.outcome)
        for measure in (
            *(one.measure for one in lesson.findings),
            *(one.measure for one in lesson.figures),
        ):
            if measure and measure not in MEASURES:
                raise unknown_name(measure, "a measure of a lesson", MEASURES)
        for name in _facts_named(lesson):
            fact(name)
    except AllianceError as error:
        raise AllianceError(f"{file}: {error}") from error


def _facts_named(lesson: Lesson) -> Iterator[str]:
    yield from (published.fact for published in lesson.published)
    if lesson.predict.published:
        yield from lesson.predict.published.facts
    for claim in lesson.explanation:
        yield from (*claim.agrees, *claim.contradicts)
    yield from (finding.inside for finding in lesson.findings if finding.inside)
