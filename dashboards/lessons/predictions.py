"""What a student predicted, compared with what the run gave."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from dashboards.lessons.published_answers import published_answer, studies_agree
from dashboards.lessons.questions import ChoiceQuestion, DirectionQuestion, NumberQuestion
from dashboards.lessons.wording import (
    WHOLE_INTERVAL,
    amount,
    bears_out,
    begun,
    bound_in_words,
    criteria,
    in_words,
    number,
    with_interval,
)
from experiments.quantities.writing import MINUS, span
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.lessons.findings import Finding
    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.running import LessonResult

__all__ = [
    "Assessment",
    "ModelAnswer",
    "Prediction",
    "Verdict",
    "answers",
    "assess",
    "model_answer",
    "right_answer",
    "understood",
]

Prediction: TypeAlias = str | float
"""An answer's key for a choice or a direction (``more``, ``less``, ``same``), a number for a number."""

Verdict = Literal["right", "close", "wrong", "open", "published"]

HEADINGS: Mapping[tuple[Verdict, bool | None], str] = MappingProxyType(
    {
        ("right", None): "The model agrees with you.",
        ("right", True): "The model and the published study agree with you.",
        ("right", False): "This model agrees with you; the published study does not.",
        ("close", None): "Your prediction is close.",
        ("close", True): "Your prediction is close, and the published study agrees with you.",
        (
            "close",
            False,
        ): "Your prediction is close to the model; the published study says otherwise.",
        ("wrong", None): "The model says otherwise.",
        ("wrong", False): "The model says otherwise, and so does the published study.",
        ("published", True): "The published study agrees with you; this model does not.",
        ("open", None): "The run cannot tell.",
        ("open", True): "The run cannot tell; the published study agrees with you.",
        ("open", False): "The run cannot tell; the published study says otherwise.",
    }
)
"""What stands above an assessment: by its verdict, and by whether studies agree, do not, or have no answer."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A prediction and what became of it.

    Attributes
    ----------
    verdict
        ``right``; ``close``, for numbers; ``wrong``; ``open`` where the run cannot tell; ``published`` where the
        published study agrees and the model does not.
    studies
        Whether what was published agrees with the prediction; None where no study answers.
    sentence
        Prediction against result, in words.
    measured
        By which margins it was assessed.
    published
        What studies answer, whether they agree with the prediction, and where the model contradicts them.
    """

    verdict: Verdict
    studies: bool | None
    sentence: str
    measured: str
    published: str

    @property
    def heading(self) -> str:
        """What it comes to, in a few words."""
        return HEADINGS[self.verdict, self.studies]


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What the model answers to a lesson's question; as in `Assessment`, without a prediction."""

    sentence: str
    measured: str
    published: str


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
    """Return the key of the answer that the run bears out, for questions with answers to choose; None if none.

    The whole interval decides: a difference is one where all of it lies beyond the margin, and none where all of it
    lies within.
    """
    question = result.lesson.predict
    if isinstance(question, ChoiceQuestion):
        for option in question.options:
            if all(bears_out(check, result.found[check.finding]) for check in option.checks):
                return option.key
        return None
    if not isinstance(question, DirectionQuestion):
        return None
    found, margin = result.found[question.finding].estimate, question.margin
    holds = {
        "same": found.low >= -margin and found.high <= margin,
        "more": found.low > margin,
        "less": found.high < -margin,
    }
    return next((key for key, true in holds.items() if true), None)


def assess(result: LessonResult, prediction: Prediction) -> Assessment:
    """Compare a prediction with the run, and with what was published.

    Raises
    ------
    AllianceError
        When it is not an answer to this lesson's question.
    """
    prediction = understood(result.lesson, prediction)
    question = result.lesson.predict
    if isinstance(question, NumberQuestion):
        verdict, said = _of_number(result, question, float(prediction))
        measured = _closeness(question, result.found[question.finding])
    else:
        verdict, said = _of_answer(result, str(prediction))
        measured = _measured_by(result, str(prediction))
    studies = studies_agree(question, prediction, _finding_of(result))
    if verdict == "wrong" and studies:
        verdict = "published"
    return Assessment(verdict, studies, said, measured, _beside_studies(result, studies))


def model_answer(result: LessonResult) -> ModelAnswer:
    """Say what the model answers to the lesson's question, by which margins, and what was published."""
    question = result.lesson.predict
    if isinstance(question, NumberQuestion):
        found = result.found[question.finding]
        said, measured = f"The model says {with_interval(found)}.", _closeness(question, found)
    else:
        said, measured = _shown(result), _measured_by(result)
    return ModelAnswer(said, measured, _beside_studies(result, None))


def _finding_of(result: LessonResult) -> Finding:
    """Return the finding that a question is about; of a choice, the first that its answers rest on."""
    question = result.lesson.predict
    if isinstance(question, ChoiceQuestion):
        return result.found[question.options[0].checks[0].finding]
    return result.found[question.finding]


def _of_answer(result: LessonResult, chosen: str) -> tuple[Verdict, str]:
    right = right_answer(result)
    verdict: Verdict = "open" if right is None else "right" if chosen == right else "wrong"
    said = f"You said: {_quoted(dict(answers(result.lesson))[chosen])}."
    return verdict, f"{said} {_shown(result)}"


def _shown(result: LessonResult) -> str:
    """Say which answer the run bears out, and the numbers it rests on."""
    question, right = result.lesson.predict, right_answer(result)
    text = dict(answers(result.lesson)).get(right or "", "")
    if isinstance(question, DirectionQuestion):
        numbers = in_words(result.found[question.finding])
        if right is None:
            return f"At this size the model cannot tell. It gives {numbers}."
        return f"The model says: {numbers}. That is: {_quoted(text)}."
    assert isinstance(question, ChoiceQuestion)
    names = dict.fromkeys(
        check.finding
        for option in question.options
        if right in {None, option.key}
        for check in option.checks
    )
    numbers = "; ".join(
        f"{result.found[name].label}: {in_words(result.found[name])}" for name in names
    )
    if right is not None:
        return f"The model shows: {_quoted(text)}. {begun(numbers)}."
    unsure = any(
        all(bears_out(check, result.found[check.finding]) is not False for check in option.checks)
        for option in question.options
    )
    none = "At this size the model cannot tell" if unsure else "The model shows none of the answers"
    return f"{none}. {begun(numbers)}."


def _measured_by(result: LessonResult, chosen: str = "") -> str:
    """Say by which margins answers are told apart: of a choice, the answer that was chosen and the one borne out."""
    question = result.lesson.predict
    if isinstance(question, DirectionQuestion):
        margin = bound_in_words(question.margin, result.found[question.finding].unit)
        return f"Up to {margin} either way counts as no difference. {WHOLE_INTERVAL}"
    assert isinstance(question, ChoiceQuestion)
    named = {chosen, right_answer(result)} - {"", None} or {one.key for one in question.options}
    asked = " ".join(
        f"{_quoted(option.text)} means {criteria(option.checks, result.found)}."
        for option in question.options
        if option.key in named
    )
    return f"{asked} {WHOLE_INTERVAL}"


def _beside_studies(result: LessonResult, studies: bool | None) -> str:
    """Say what studies answer, and where the model contradicts them."""
    question, found = result.lesson.predict, _finding_of(result)
    said = published_answer(question, found)
    model = found.estimate.value if isinstance(question, NumberQuestion) else right_answer(result)
    agree = {
        True: " This agrees with you.",
        False: " This does not agree with you.",
        None: "",
    }
    this = " The model contradicts it." if _contradicts(result, model) else ""
    return f"{said}{agree[studies]}{this}"


def _contradicts(result: LessonResult, model: Prediction | None) -> bool:
    return studies_agree(result.lesson.predict, model, _finding_of(result)) is False


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text.rstrip('.')}\N{RIGHT DOUBLE QUOTATION MARK}"


def _closeness(question: NumberQuestion, found: Finding) -> str:
    close = bound_in_words(question.close, found.unit, named=False)
    return f"Inside the interval counts as right, up to {close} off counts as close."


def _of_number(result: LessonResult, question: NumberQuestion, guess: float) -> tuple[Verdict, str]:
    found = result.found[question.finding]
    estimate = found.estimate
    if not math.isfinite(estimate.value):
        return "open", "The model gives no number here."
    off = abs(guess - estimate.value)
    inside = estimate.low <= guess <= estimate.high
    unit = found.unit
    rounded = round(off, unit.digits) == 0.0
    verdict: Verdict = (
        "right" if inside or rounded else "close" if off <= question.close else "wrong"
    )
    said = amount(guess, unit.rounded(max(unit.digits, _digits(guess))))
    words = {
        "right": "You hit it.",
        "close": f"You were {number(off, unit)} off: close.",
        "wrong": f"You were {number(off, unit)} too {'high' if guess > estimate.value else 'low'}.",
    }
    return verdict, f"You said {said}; the model says {with_interval(found)}. {words[verdict]}"


def _digits(value: float) -> int:
    text = f"{value:g}"
    return min(len(text.partition(".")[2]), 3)
