"""QR codes that a page adds up are those that the library makes, of every text."""

from __future__ import annotations

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dashboards.page.short_codes import LENGTH, basis, matrix
from tests.dashboards.node import SCRIPTS, evaluate

ADDED_UP = f"""
import {{ matrixOf }} from "{SCRIPTS}/qr.js";
export const main = (basis, texts) => texts.map((text) => matrixOf(basis, text));
"""
READ = f"""
import {{ codeOf, phoneOf, readFrom, shownBy }} from "{SCRIPTS}/codes.js";
export const main = (lesson, keys) => keys.map((key) => {{
  const phone = phoneOf(null, () => {{}});
  const text = shownBy(lesson, key, phone);
  const read = (seen) => readFrom(lesson, seen);
  return [text.length, read(`${{text}}   `), phone, read(codeOf(lesson, key)), read(`1X ${{phone}}`)];
}});
"""

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=LENGTH)


@settings(max_examples=5, phases=[Phase.explicit, Phase.generate])
@given(st.lists(TEXTS, min_size=20, max_size=20))
def test_every_code_added_up_is_the_librarys(texts: list[str]) -> None:
    made = evaluate(ADDED_UP, basis(), texts)
    for text, rows in zip(texts, made, strict=True):
        assert np.array_equal(rows, matrix(text.ljust(LENGTH).encode())), text


def test_what_a_phone_shows_is_read_as_its_answer_and_nothing_else_is() -> None:
    keys = [f"{one / 100:g}" for one in range(-100, 101)]
    lesson = {
        "key": "felt_and_reported",
        "predict": {"kind": "number", "answers": [{"key": one} for one in keys]},
    }
    for key, (length, read, phone, bare, wrong) in zip(
        keys, evaluate(READ, lesson, keys), strict=True
    ):
        assert length <= LENGTH
        assert read == {"key": key, "phone": phone}
        assert bare is None
        assert wrong is None
