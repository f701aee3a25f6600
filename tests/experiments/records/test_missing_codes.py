"""99 is no score: codes for missing are told from scores, or the user is asked."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.records.missing_codes import isolated_codes, read_missing
from experiments.records.reading import read_records
from simulation.errors import AllianceError
from tests.experiments.records.looked_at import panel

nan = np.nan
BOTH = "client,session,wai,oq45\n1,0,,88\n1,1,50,85\n1,2,99,99\n2,0,-99,70\n2,1,48,999\n2,2,99,72\n"


def test_codes_that_the_file_uses_where_no_score_can_be_are_missing_everywhere(write):
    records = read_records(write(BOTH))
    assert np.array_equal(panel(records), [[50, nan], [48, nan]], equal_nan=True)
    assert np.isnan(panel(records, "core_10")).tolist() == [[False, True], [True, False]]
    assert "wai: -99 (once), 99 (2 times)" in " ".join(records.notes)


def test_a_code_that_may_be_a_score_is_asked_about(write):
    text = "client,session,oq45\n1,1,60\n1,2,62\n2,1,99\n"
    with pytest.raises(AllianceError, match=r"oq45 is 99 in row 4.*--missing 99"):
        read_records(write(text))
    assert np.isnan(panel(read_records(write(text), missing="99"), "core_10")[1, 0])
    assert np.isfinite(panel(read_records(write(text), missing="none"), "core_10")[1, 0])


def test_what_the_user_says_is_missing_is(write):
    text = "client,session,wai_sr\n1,1,12\n1,2,verweigert\n1,3,40\n"
    records = read_records(write(text), missing="12.0, Verweigert")
    assert np.array_equal(panel(records), [[nan, nan, 40]], equal_nan=True)
    assert "2 cells are missing as declared" in " ".join(records.notes)
    assert "check the codes given" not in " ".join(records.notes)


def test_a_code_that_no_score_has_is_named(write):
    """One that one of the two scores has is none of these."""
    text = "client,session,wai_sr,core_10\n1,1,12,20\n1,2,-9,18\n1,3,40,k.A.\n"
    records = read_records(write(text), missing="-9, 999, k.A., 98")
    said = "No cell is 999 or 98: check the codes given with --missing."
    assert said in records.notes
    again = read_records(write(text), records.mapping)
    assert said not in again.notes, "a mapping may have been made for other files, too"


def test_99_among_its_like_is_a_score():
    scores = np.arange(20.0, 140.0)
    assert isolated_codes(scores, 0, 180) == ()
    assert isolated_codes(np.append(scores[:70], 99.0), 0, 180) == ()
    assert isolated_codes(np.append(scores[:40], 99.0), 0, 180) == (99.0,)
    assert isolated_codes(np.append(scores, np.full(20, 99.0)), 0, 180) == (99.0,)
    between = np.concatenate([scores[:30], [99.0], np.arange(150.0, 180.0)])
    assert isolated_codes(between, 0, 180) == (), "far from others, but not beyond them"


def test_a_nine_of_the_phq_is_a_score(write):
    records = read_records(write("client,session,phq9\n1,1,18\n1,2,15\n2,1,9\n"))
    assert panel(records, "core_10")[1, 0] == 10


@pytest.mark.parametrize(
    ("text", "cells"), [(None, None), ("none", ()), ("99", ("99",)), ("99, k.A.,", ("99", "k.A."))]
)
def test_codes_are_read_from_the_command_line(text, cells):
    assert read_missing(text) == cells
