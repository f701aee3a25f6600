"""Small files of records, written where a test can read them."""

from __future__ import annotations

import pytest


@pytest.fixture
def write(tmp_path):
    def one(content: str | bytes, name: str = "records.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return one
