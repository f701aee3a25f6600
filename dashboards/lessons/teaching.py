"""Notes for whoever teaches a lesson."""

from __future__ import annotations

from pydantic import Field

from dashboards.lessons.part import Part

__all__ = ["Instructor", "Misconception", "Stages"]


class Misconception(Part):
    """What students often believe, and what to say to it."""

    belief: str = Field(min_length=10)
    reply: str = Field(min_length=10)


class Stages(Part):
    """What is done in class: to open, to predict, to run and compare, to discuss; `class_plan` has the minutes."""

    open: str = Field(min_length=5)
    predict: str = Field(min_length=5)
    run: str = Field(min_length=5)
    discuss: str = Field(min_length=5)


class Instructor(Part):
    """Notes for whoever teaches the lesson; `goals` go on from *Afterwards students can*."""

    goals: tuple[str, ...] = Field(min_length=1)
    ask: tuple[str, ...] = Field(min_length=2)
    misconceptions: tuple[Misconception, ...] = Field(min_length=1)
    stages: Stages
    discuss: tuple[str, ...] = Field(min_length=2)
