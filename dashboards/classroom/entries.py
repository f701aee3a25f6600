"""What a class has entered so far, kept in memory while the server runs: no names, one entry a browser."""

from __future__ import annotations

import threading

__all__ = ["CLASS_ENTRIES", "ClassEntries"]

MOST = 2_000
"""Browsers that are kept; whoever comes later takes part without being counted."""


class ClassEntries:
    """Predictions by lesson, and a number for every student. Used by the threads of all pages.

    The first prediction counts: whoever predicts again has seen what the model gives.

    Attributes
    ----------
    version
        Grows with every entry, so that a page that shows them sees that there is something new.
    """

    def __init__(self) -> None:
        self.version = 0
        self._lock = threading.Lock()
        self._answers: dict[str, dict[str, str]] = {}
        self._numbers: dict[str, int] = {}

    def enter(self, lesson: str, browser: str, answer: str) -> None:
        """Keep a browser's prediction, if it is its first of this lesson."""
        with self._lock:
            answers = self._answers.setdefault(lesson, {})
            if browser in answers or len(answers) >= MOST:
                return
            answers[browser] = answer
            self.version += 1

    def answers(self, lesson: str) -> tuple[str, ...]:
        """Return what was predicted, in the order in which it came."""
        with self._lock:
            return tuple(self._answers.get(lesson, {}).values())

    def forget(self, lesson: str) -> None:
        """Forget a lesson's predictions, for another class."""
        with self._lock:
            self._answers.pop(lesson, None)
            self.version += 1

    def number(self, browser: str) -> int:
        """Return a student's number, from 1 in the order in which they came; 0 when there are too many."""
        with self._lock:
            if browser not in self._numbers and len(self._numbers) < MOST:
                self._numbers[browser] = len(self._numbers) + 1
                self.version += 1
            return self._numbers.get(browser, 0)

    @property
    def students(self) -> int:
        """How many have a number."""
        with self._lock:
            return len(self._numbers)


CLASS_ENTRIES = ClassEntries()
"""That of this server."""
