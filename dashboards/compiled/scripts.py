"""What a page needs to run clinics, as texts: the scripts without imports, the engine, and its layout."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path

from dashboards.compiled.build import engine_wasm
from dashboards.compiled.layout import engine_layout

__all__ = ["clinics_data", "page_script", "worker_script"]

FOLDER = Path(__file__).parent

OF_ENGINE = ("network.js", "engine.js", "estimates.js", "outcomes.js", "jobs.js")
"""Modules in an order in which each comes after those it imports."""

IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)
COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)


def worker_script() -> str:
    """Return the worker's text."""
    return f'"use strict";\n{_joined(*OF_ENGINE, "worker.js")}\nserve(self);\n'


def page_script() -> str:
    """Return one ES module with a single name, ``startClinics``; ``sweepOf`` and ``OUTCOMES`` are fields of it."""
    inside = _joined(*OF_ENGINE, "clinics.js")
    return (
        f"export const startClinics = (() => {{\n{inside}\n"
        "return Object.assign(startClinics, { sweepOf, OUTCOMES, CURVES });\n})();\n"
    )


def clinics_data() -> str:
    """Return what ``startClinics`` is given, but for ``numbersOf``, as JSON."""
    packed = [("simd", _packed(engine_wasm())), ("scalar", _packed(engine_wasm(simd=False)))]
    data = {"script": worker_script(), "packed": packed, "layout": engine_layout()}
    return json.dumps(data, separators=(",", ":"))


def _packed(module: bytes) -> str:
    return base64.b64encode(gzip.compress(module, 9, mtime=0)).decode()


def _joined(*names: str) -> str:
    """Return modules as one text: what they import from each other is there already."""
    texts = ((FOLDER / name).read_text("utf-8") for name in names)
    return "".join(COMMENT.sub("", EXPORT.sub("", IMPORT.sub("", text))) for text in texts)
