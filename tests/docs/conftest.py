"""The pages that the tests of the documentation read."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def page() -> str:
    return (ROOT / "docs" / "model.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def sections(page: str) -> dict[str, str]:
    """Return the text under each heading that names an equation, up to the next heading."""
    parts = page.split("\n#")
    heads = (part.partition("\n") for part in parts)
    return {head.strip("# `"): body for head, _, body in heads if "`" in head}
