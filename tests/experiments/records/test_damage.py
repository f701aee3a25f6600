"""Damage to a file of any form is refused in a sentence or harmless: no traceback, no row lost uncounted."""

from __future__ import annotations

import pytest

from experiments.records.reading import read_records
from tests.experiments.records.mutations import bases, failed, of_packages


@pytest.mark.parametrize("name", sorted({**bases(), **of_packages()}))
@pytest.mark.usefixtures("in_one_process")
def test_a_file_without_damage_is_read(write, name):
    records = read_records(write({**bases(), **of_packages()}[name], "records.bin"))
    assert records.clients >= 1


@pytest.mark.usefixtures("in_one_process")
def test_damage_is_refused_in_a_sentence_or_harmless():
    assert failed(range(400)) == []


@pytest.mark.slow  # 15 s
@pytest.mark.usefixtures("in_one_process")
def test_damage_to_two_thousand_files():
    assert failed(range(400, 2360)) == []


@pytest.mark.slow  # 40 s: each of these is read in a process of its own
def test_damage_to_files_of_spss_and_stata():
    assert failed(range(10_000, 10_160), packages=True) == []
