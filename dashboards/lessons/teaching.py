"""Notes for whoever teaches a lesson."""

from __future__ import annotations

from pydantic import Field

from dashboards.lessons.part import Part

__all__ = ["Instructor", "Misconception", "Stage"]


class Misconception(Part):
    """What students often believe, and what to say to it."""

    belief: str = Field(min_length=10)
    reply: str = Field(min_length=10)


class Stage(Part):
    """So many minutes for this."""

    minutes: int = Field(gt=0)
    what: str = Field(min_length=5)


class Instructor(Part):
    """Notes for whoever teaches the lesson."""

    ask: tuple[str, ...] = Field(min_length=2)
    misconceptions: tuple[Misconception, ...] = Field(min_length=1)
    stages: tuple[Stage, ...] = Field(min_length=3)
    discuss: tuple[str, ...] = Field(min_length=2)
