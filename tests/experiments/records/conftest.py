"""Small files of records, written where a test can read them."""

from __future__ import annotations

import pytest

from experiments.records import own_process
from tests.experiments.records.many_mutations import OnePlace


@pytest.fixture
def write(tmp_path):
    def one(content: str | bytes, name: str = "records.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return one


@pytest.fixture
def in_one_process(monkeypatch):
    """Read files of other programs in this process: they are sound, and a process for each takes a second."""
    monkeypatch.setattr(own_process, "subprocess", OnePlace)
