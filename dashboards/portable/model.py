"""The session room as one JavaScript module: what is translated, and what is put around it.

`docs/portable.md` documents the module for those who write pages.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from dashboards.portable.primitives import PRIMITIVES
from dashboards.portable.program import Program
from dashboards.portable.tables import tables
from dashboards.therapies import course, playing, prediction, story, summary, therapy, wording
from experiments.quantities import writing
from simulation import coefficients, population
from simulation.parameters import Parameters

__all__ = ["PAGE", "ROOTS", "model_program", "model_script"]

ROOTS: tuple[Any, ...] = (
    course.course,
    playing.play,
    playing.counterfactuals,
    story.log,
    story.chosen,
    story.tell,
    story.situation_text,
    summary.summary,
    summary.stands,
    prediction.came,
    prediction.expected,
    wording.share,
    writing.fixed,
    writing.percent,
    coefficients.numbers,
    coefficients.unpack,
    population.draw_therapist,
)
"""Functions that a page calls; all that they reach is translated with them."""

RECORDS = (therapy.Setup, therapy.Therapy, therapy.Record)
"""Values that a page makes and reads: all their properties and methods."""

PAGE = {
    "AllianceError": "AllianceError",
    "newTherapy": "newTherapy",
    "replay": "replay",
    "step": "step",
    "playOn": "playOn",
    "back": "back",
    "others": "others",
    "choices": "choices",
    "course": "courseOf",
    "story": "story",
    "log": "story_log",
    "chosen": "chosen",
    "tell": "tell",
    "situationText": "situationText",
    "summary": "summarise",
    "stands": "stands",
    "fixed": "fixed",
    "share": "share",
    "came": "came",
    "expected": "expected",
    "percent": "percent",
    "tables": "tables",
}
"""What a page sees of the module, and what that is called inside it."""

HERE = Path(__file__).parent


def model_program() -> Program:
    """Translate what the session room needs."""
    program = Program(PRIMITIVES)
    for function in ROOTS:
        program.function(function)
    for record in RECORDS:
        program.whole(record)
    program.record(Parameters)
    return program


@cache
def model_script() -> str:
    """Return the module: one name, ``Alliance``, which has `PAGE`, and all that is translated under ``python``."""
    program = model_program()
    data = json.dumps(tables(), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    shown = ", ".join(f"{name}: {inside}" for name, inside in PAGE.items())
    return "\n".join(
        (
            "export const Alliance = (() => {",
            '"use strict";',
            (HERE / "runtime.js").read_text("utf-8"),
            program.script(),
            f"const tables = {data};",
            (HERE / "therapy.js").read_text("utf-8"),
            f"return {{ {shown}, python: {{ {', '.join(program.names())} }} }};",
            "})();\n",
        )
    )
