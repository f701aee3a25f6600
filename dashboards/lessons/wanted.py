"""What a lesson asks of its run: numbers to compute and charts to draw."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from dashboards.lessons.part import KEY, Part

__all__ = ["FigureWanted", "FindingWanted"]


class FindingWanted(Part):
    """A number to compute from the run.

    Attributes
    ----------
    name, label
        As texts name it, and a few words for tables and charts.
    measure
        Name of a measure (`dashboards.lessons.measures.MEASURES`); empty for a count.
    arm, baseline
        Whose; with `baseline`, the difference of the first from the second over the same random numbers.
    count
        In place of a measure: names of findings, of which those are counted that pass `over` or lie in the range
        of the published finding `inside`.
    over, inside
        See `count`.
    """

    name: str = Field(pattern=KEY)
    label: str = Field(min_length=3)
    measure: str = ""
    arm: str = ""
    baseline: str = ""
    count: tuple[str, ...] = ()
    over: float | None = None
    inside: str = ""

    @model_validator(mode="after")
    def _one_kind(self) -> FindingWanted:
        if bool(self.count) == bool(self.measure):
            raise ValueError("give either measure or count")
        if self.measure and not self.arm:
            raise ValueError("a measure needs an arm")
        if self.count and (self.over is None) == (not self.inside):
            raise ValueError("a count needs either over or inside")
        return self


class FigureWanted(Part):
    """A chart.

    Attributes
    ----------
    kind
        ``findings``: points with intervals; ``levels``: a measure in each arm; ``curve``: the alliance as clients
        rate it, over sessions; ``staying``: the share still in treatment; ``leaving``: dropout by the first rating of
        the alliance; ``therapists``: mean improvement of one team's clients, each therapist a point.
    title
        Its name.
    findings, measure, arms, sessions
        What it shows, as its kind needs it; `arms` are all of them where it is empty.
    labels
        Shorter names for the findings, where the chart's title says the rest.
    """

    kind: Literal["findings", "levels", "curve", "staying", "leaving", "therapists"]
    title: str = Field(min_length=5)
    findings: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    measure: str = ""
    arms: tuple[str, ...] = ()
    sessions: int = Field(default=16, ge=3, le=52)

    @model_validator(mode="after")
    def _complete(self) -> FigureWanted:
        if (self.kind == "findings") != bool(self.findings):
            raise ValueError("a figure of kind findings, and no other, names findings")
        if (self.kind == "levels") != bool(self.measure):
            raise ValueError("a figure of kind levels, and no other, names a measure")
        if self.labels and len(self.labels) != len(self.findings):
            raise ValueError("give one label for each finding, or none")
        return self
