"""The generator of the documentation's tables, as a module; it is a script and belongs to no package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def generate() -> ModuleType:
    specification = importlib.util.spec_from_file_location(
        "generate", ROOT / "docs" / "generate.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["generate"] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def page() -> str:
    return (ROOT / "docs" / "model.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def sections(page: str) -> dict[str, str]:
    """Return the text under each heading that names an equation, up to the next heading."""
    parts = page.split("\n#")
    heads = (part.partition("\n") for part in parts)
    return {head.strip("# `"): body for head, _, body in heads if "`" in head}
