"""The lessons: their keys, what each asks, for whom, and how long it takes."""

from __future__ import annotations

from tables.markdown import table


def lesson_table() -> str:
    """Return a row for each lesson."""
    from dashboards.lessons.catalogue import lessons
    from dashboards.lessons.class_plan import length

    rows = [
        (one.title, f"`{one.key}`", " ".join(one.question.split()), one.level, length(one))
        for one in lessons()
    ]
    return table(("Lesson", "Key", "Question", "Level", "How long"), rows)
