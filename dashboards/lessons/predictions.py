"""What a student predicted, compared with what the run gave."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from dashboards.lessons.questions import ChoiceQuestion, DirectionQuestion
from dashboards.lessons.wording import amount, bears_out, in_words, number, with_interval
from experiments.quantities.writing import MINUS, span
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.questions import NumberQuestion
    from dashboards.lessons.running import LessonResult

__all__ = [
    "Assessment",
    "Prediction",
    "Verdict",
    "answers",
    "assess",
    "right_answer",
    "understood",
]

Prediction: TypeAlias = str | float
"""An answer's key for a choice or a direction (``more``, ``less``, ``same``), a number for a number."""

Verdict = Literal["right", "close", "wrong", "open"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A prediction and what became of it.

    Attributes
    ----------
    verdict
        ``right``; ``close``, for numbers; ``wrong``; ``open`` where the run cannot tell.
    sentence
        Prediction against result, in words.
    """

    verdict: Verdict
    sentence: str


def answers(lesson: Lesson) -> tuple[tuple[str, str], ...]:
    """Return key and text of every answer that can be chosen; empty where a number is asked for."""
    question = lesson.predict
    if isinstance(question, ChoiceQuestion):
        return tuple((option.key, option.text) for option in question.options)
    if isinstance(question, DirectionQuestion):
        return (("more", question.more), ("less", question.less), ("same", question.same))
    return ()


def understood(lesson: Lesson, entered: str | float) -> Prediction:
    """Return what was entered as a prediction.

    Raises
    ------
    AllianceError
        When it is none of the answers, not a number, or out of range: says what is allowed.
    """
    question = lesson.predict
    allowed = [key for key, _ in answers(lesson)]
    if allowed:
        if entered not in allowed:
            raise AllianceError(
                f"{entered} is not one of the answers. Choose one of: {', '.join(allowed)}."
            )
        return entered
    assert not isinstance(question, ChoiceQuestion | DirectionQuestion)
    try:
        value = float(str(entered).strip().replace(",", ".").replace(MINUS, "-"))
    except ValueError:
        value = math.nan
    if not question.low <= value <= question.high:
        raise AllianceError(
            f"{entered} is not allowed: give a number from {span(question.low, question.high)}."
        )
    return value


def right_answer(result: LessonResult) -> str | None:
    """Return the key of the answer that the run bears out, for questions with answers to choose; None if none."""
    question = result.lesson.predict
    if isinstance(question, ChoiceQuestion):
        for option in question.options:
            if all(bears_out(check, result.found[check.finding]) for check in option.checks):
                return option.key
        return None
    if not isinstance(question, DirectionQuestion):
        return None
    found, margin = result.found[question.finding].estimate, question.margin
    small = found.low >= -margin and found.high <= margin
    holds = {
        "same": small,
        "more": not small and found.low > 0,
        "less": not small and found.high < 0,
    }
    return next((key for key, true in holds.items() if true), None)


def assess(result: LessonResult, prediction: Prediction) -> Assessment:
    """Compare a prediction with the run.

    Raises
    ------
    AllianceError
        When it is not an answer to this lesson's question.
    """
    lesson = result.lesson
    prediction = understood(lesson, prediction)
    question = lesson.predict
    if isinstance(question, ChoiceQuestion):
        return _of_answer(result, str(prediction), "the model shows", numbers="")
    if isinstance(question, DirectionQuestion):
        found = result.found[question.finding]
        judged = _of_answer(result, str(prediction), "the model says", numbers=in_words(found))
        margin = f" Up to {amount(question.margin, found.unit)} either way counts as no difference."
        return replace(judged, sentence=judged.sentence + margin)
    return _of_number(result, question, float(prediction))


def _of_answer(result: LessonResult, chosen: str, says: str, *, numbers: str) -> Assessment:
    texts = dict(answers(result.lesson))
    right = right_answer(result)
    said = f"You said: {_quoted(texts[chosen])}."
    if right is None:
        but = f" It gives {numbers}." if numbers else ""
        return Assessment("open", f"{said} At this size the model cannot tell.{but}")
    shown = f" {says.capitalize()}: {numbers or _quoted(texts[right])}."
    if chosen == right:
        return Assessment("right", f"{said}{shown} The model agrees with you.")
    also = f" That is: {_quoted(texts[right])}." if numbers else ""
    return Assessment("wrong", f"{said}{shown}{also}")


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text.rstrip('.')}\N{RIGHT DOUBLE QUOTATION MARK}"


def _of_number(result: LessonResult, question: NumberQuestion, guess: float) -> Assessment:
    found = result.found[question.finding]
    estimate = found.estimate
    if not math.isfinite(estimate.value):
        return Assessment("open", "The model gives no number here.")
    off = abs(guess - estimate.value)
    inside = estimate.low <= guess <= estimate.high
    unit = found.unit
    rounded = round(off, unit.digits) == 0.0
    verdict: Verdict = (
        "right" if inside or rounded else "close" if off <= question.close else "wrong"
    )
    said = amount(guess, unit.rounded(max(unit.digits, _digits(guess))))
    near = f" Up to {number(question.close, unit)} off counts as close."
    words = {
        "right": "You hit it.",
        "close": f"You were {number(off, unit)} off: close.{near}",
        "wrong": f"You were {number(off, unit)} too {'high' if guess > estimate.value else 'low'}.{near}",
        "open": "",
    }
    return Assessment(
        verdict, f"You said {said}; the model says {with_interval(found)}. {words[verdict]}"
    )


def _digits(value: float) -> int:
    text = f"{value:g}"
    return min(len(text.partition(".")[2]), 3)
