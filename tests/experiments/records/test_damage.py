"""Damage to a file of any form is refused in a sentence or harmless: no traceback, no row lost uncounted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.records.reading import read_records
from simulation.errors import AllianceError
from tests.experiments.records.test_forms import written
from tests.experiments.records.test_r_tables import columns, frame, rds
from tests.experiments.records.test_shapes import QUALTRICS, REDCAP, WIDE
from tests.experiments.records.test_workbooks import ROWS, opendocument, workbook

FILES = {
    "wide": WIDE.encode(),
    "REDCap": REDCAP.encode(),
    "Qualtrics": QUALTRICS.encode(),
    "JSON lines": written("json lines"),
    "R": rds(frame(columns(), 3)),
    "Excel": workbook({"Daten": ROWS}),
    "OpenDocument": opendocument(ROWS),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_damage_is_read(write, name):
    records = read_records(write(FILES[name]))
    assert records.clients >= 1


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_damage_is_refused_in_a_sentence_or_harmless(tmp_path_factory, name, data):
    content = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.sampled_from([0, 1, 1, 1, 9]))
        content[place : place + length] = data.draw(st.binary(max_size=4))
        if not content:
            return
    path = tmp_path_factory.mktemp("damage") / "records.bin"
    path.write_bytes(bytes(content))
    try:
        records = read_records(path)
    except AllianceError as error:
        assert str(error).count("\n") == 0
        return
    assert 0 <= records.rows_left_out <= records.rows
    assert records.clients >= 1
