"""How the project is cited is said alike everywhere: in the documentation, and to archives."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from website.running import blocks

if TYPE_CHECKING:
    from pathlib import Path


def test_the_entry_for_bibtex_says_what_archives_are_told(root: Path) -> None:
    (entry,) = (one.text for one in blocks(root / "docs" / "cite.md") if one.language == "bibtex")
    meta = json.loads((root / "codemeta.json").read_text("utf-8"))
    assert re.match(r"@software\{\w+,\n", entry)
    said = dict(re.findall(r"^  (\w+) += \{(.*)\},$", entry, re.MULTILINE))
    assert f'\ntitle: "{said["title"]}"\n' in (root / "CITATION.cff").read_text("utf-8")
    assert said.pop("title").partition(":")[0] == meta["name"]
    assert said == {
        "author": f"{{{meta['author'][0]['name']}}}",
        "version": meta["version"],
        "year": meta["datePublished"][:4],
    }
