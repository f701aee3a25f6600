"""Predictions that the browser keeps: a lesson is found as it was left, and no address gives an answer away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import module

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["StoredAnswers", "StoredAnswersWidget"]


class StoredAnswersWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/answers.js``."""

    _esm = module("answers.js")

    answers = traitlets.Dict().tag(sync=True)
    stored = traitlets.Dict().tag(sync=True)


@component
def StoredAnswers(answers: Mapping[str, str], on_stored: Callable[[dict[str, Any]], None]) -> Any:
    """Have the browser keep answers by lesson; tell once what it had, whatever a browser may send."""
    return StoredAnswersWidget.element(answers=dict(answers), on_stored=on_stored)
