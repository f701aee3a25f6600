"""Predict, then see: what one expects of a choice, before the session is held; kept as long as the page is open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import solara

from dashboards.therapies.offers import SAYS
from dashboards.therapies.prediction import EXPECTATIONS, RULE, came, expected
from dashboards.therapies.stances import STANCES
from dashboards.widgets.buttons import Buttons, Press
from dashboards.widgets.html import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboards.therapies.therapy import Therapy
    from dashboards.therapies.therapy_state import TherapyState

__all__ = ["AGAIN", "compared", "expect", "predicts", "question"]

AGAIN = "again"

predicts: solara.Reactive[bool] = solara.reactive(False)
"""Whether what one expects is entered before each session."""

entered: solara.Reactive[Mapping[str, str]] = solara.reactive({})
"""What was expected of the last session of a therapy, by that therapy: so what is undone is not counted."""


def expect(now: TherapyState, letter: str, expectation: str) -> None:
    """Keep what is expected of the next session, held in a stance; forget what was, for an empty expectation."""
    key = _key(now, now.stances[: now.at] + letter)
    kept = {one: words for one, words in entered.peek().items() if one != key}
    entered.value = {**kept, key: expectation} if expectation else kept


def question(letter: str, choose: Callable[[str], None]) -> tuple[Any, ...]:
    """Return the question that comes between a choice and its session."""
    says = SAYS.get(letter) or f"{STANCES[letter].title}."
    presses = [Press(key, words) for key, words in EXPECTATIONS]
    presses.append(Press(AGAIN, "Choose again", kind="quiet"))
    return (
        Tag("p", f"{says} What will that do to trust?", class_="situation", role="status"),
        Buttons("What do you expect?", presses, choose, "stances").key("expect"),
        Tag("p", RULE, class_="soft"),
    )


def compared(now: TherapyState, therapy: Therapy, at: int) -> str:
    """Return what was expected of the session looked at and what came, and how often it did; empty for nothing."""
    known = {
        number: entered.value[key]
        for number in range(1, at + 1)
        if (key := _key(now, now.stances[:number])) in entered.value
    }
    if at not in known:
        return ""
    trust = [therapy.start.trust, *(one.after.trust for one in therapy.records)]
    right = sum(came(trust[one - 1], trust[one]) == known[one] for one in known)
    said = expected(known[at], trust[at - 1], trust[at])
    return said if len(known) == 1 else f"{said} Right so far: {right} of {len(known)}."


def _key(now: TherapyState, stances: str) -> str:
    return repr(replace(now, stances=stances, at=len(stances), counterfactual=0))
