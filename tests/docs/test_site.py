"""The documentation site: what stands on it, where its links lead, and how soon a stranger has a result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from website import contents as listed
from website.checking import faults
from website.contents import contents, page_names
from website.running import blocks
from website.staging import PAGES_ABOVE, stage

if TYPE_CHECKING:
    from pathlib import Path

WORDS_A_MINUTE = 200
"""How fast a stranger reads, who wants to understand."""


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    stage(folder)
    return folder


def test_every_page_stands_on_the_site_once(root: Path) -> None:
    stands = [name for section in contents() for name in section.pages]
    assert len(stands) == len(set(stands))
    assert set(stands) == {*page_names(), *PAGES_ABOVE.values()} - {"index"}
    on_disk = {path.stem for path in (root / "docs").glob("*.md")}
    assert on_disk <= {*stands, "index"}


def test_a_page_that_no_section_names_joins_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listed, "page_names", lambda: [*page_names(), "entirely_new"])
    (section,) = (one for one in contents() if "entirely_new" in one.pages)
    assert section.title == "How to"


def test_a_page_in_two_sections_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[[sections]]\ntitle = "One"\npages = ["model", "model"]\n'
    (tmp_path / "contents.toml").write_text(text, "utf-8")
    monkeypatch.setattr(listed, "DOCS", tmp_path)
    with pytest.raises(ValueError, match="names model more than once"):
        contents()


def test_links_lead_to_where_a_page_is_on_the_site(staged: Path) -> None:
    limits = (staged / "limits.md").read_text("utf-8")
    assert "(files/findings/running-twice-delays-twice.sh)" in limits
    assert (staged / "files/findings/running-twice-delays-twice.sh").is_file()
    assert "(changelog.md)" in (staged / "stability.md").read_text("utf-8")
    assert "(../start.md)" in (staged / "tutorials/first_clinic.md").read_text("utf-8")
    assert "(extending.md#" in (staged / "contributing.md").read_text("utf-8")
    for page in staged.rglob("*.md"):
        assert "](docs/" not in page.read_text("utf-8")


def test_the_contents_stand_on_the_first_page(staged: Path) -> None:
    text = (staged / "index.md").read_text("utf-8")
    assert text.count("```{toctree}") == len(contents())
    assert "tutorials/first_sweep" in text


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ('<a href="gone.html">x</a>', "leads to gone.html, which is not there"),
        ('<a href="other.html#gone">x</a>', "leads to other.html#gone, a place that is not there"),
        ('<a href="#gone">x</a>', "a place that is not there"),
        ('<a href="https://no address">x</a>', "which is no address"),
        ('<a href="javascript:alert(1)">x</a>', "whose scheme javascript is unknown"),
        ('<a href="//host.example/x">x</a>', "which needs a server"),
        ('<script src="https://cdn.example/x.js"></script>', "loads https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="https://fonts.example/x.css">', "loads https://fonts."),
        ('<link rel="preconnect" href="https://fonts.example">', "loads https://fonts."),
        ('<img src="gone.png">', "loads gone.png"),
        ("<style>@import 'https://fonts.example/x.css';</style>", "loads https://fonts."),
        ('<p style="background: url(https://pictures.example/x.png)">x</p>', "loads https://pict"),
    ],
)
def test_what_is_wrong_with_a_page_is_said(tmp_path: Path, page: str, complaint: str) -> None:
    (tmp_path / "other.html").write_text('<h1 id="there">Other</h1>', "utf-8")
    (tmp_path / "page.html").write_text(page, "utf-8")
    found = faults(tmp_path)
    assert len(found) == 1
    assert complaint in found[0]


def test_a_page_with_nothing_wrong_has_no_faults(tmp_path: Path) -> None:
    (tmp_path / "other.html").write_text('<h1 id="there">Other</h1>', "utf-8")
    (tmp_path / "sheet.css").write_text("p { background: url(data:image/png;base64,AA) }", "utf-8")
    (tmp_path / "page.html").write_text(
        '<link rel="stylesheet" href="sheet.css"><a href="other.html#there">x</a>'
        '<a href="https://doi.org/10.1037/pst0000172">y</a><svg><use href="#sign"></use></svg>',
        "utf-8",
    )
    assert faults(tmp_path) == []
    (tmp_path / "sheet.css").write_text("p { background: url(https://x.example/y) }", "utf-8")
    assert "sheet.css loads https://x.example/y" in faults(tmp_path)[0]


def paths_of_the_start(root: Path) -> dict[str, str]:
    """Return what each kind of reader reads before a first result: what all read, and their own part."""
    shared, *own = (root / "docs" / "start.md").read_text("utf-8").split("\n## ")
    return {part.partition("\n")[0]: f"{shared}\n{part}" for part in own}


def test_there_is_a_path_for_everybody(root: Path) -> None:
    assert list(paths_of_the_start(root)) == [
        "You teach",
        "You study",
        "You do research",
        "You write code",
    ]


@pytest.mark.parametrize("place", range(4))
def test_a_stranger_has_a_result_after_three_lines_and_five_minutes(
    root: Path, tmp_path: Path, place: int
) -> None:
    text = list(paths_of_the_start(root).values())[place]
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    lines = [line for one in blocks(page) if one.language == "sh" for line in one.text.splitlines()]
    assert 1 <= len(lines) <= 3
    assert len(re.findall(r"\S+", text)) / WORDS_A_MINUTE <= 5
