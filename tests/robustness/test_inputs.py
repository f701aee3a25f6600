"""Files that people give are regular files of a bounded size, or are refused in one sentence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from experiments.design.study import Study
from experiments.design.value import StudyError
from simulation.errors import AllianceError
from simulation.input_files import InputFileError, parse_toml, read_bytes, read_text
from simulation.network import read_network
from simulation.presets import preset
from tests.programs import SMALL, alliance, refused

if TYPE_CHECKING:
    from pathlib import Path

READERS = {
    "preset": lambda path: ("run", "--preset", path),
    "network": lambda path: ("run", "--network", path),
    "study": lambda path: ("sweep", path, "--out", path.parent / "out"),
    "records": lambda path: ("describe", path),
    "records to fit": lambda path: ("calibrate", "--data", path),
    "therapy": lambda path: ("play", path),
}
"""Every command that reads a file."""

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of POSIX")


@posix
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "long name", "nowhere"])
def test_what_is_no_file_is_refused_at_once(reader: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "it.toml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    elif kind == "long name":
        path = tmp_path / ("x" * 300 + ".toml")
    said = refused(*READERS[reader](path))
    assert str(path)[:40] in said
    assert not (tmp_path / "out").exists()


def test_a_file_larger_than_the_bound_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    with path.open("wb") as file:
        file.truncate(2**34)
    with pytest.raises(InputFileError, match="larger than 1 MiB"):
        read_bytes(path, most=2**20)
    for reader in READERS.values():
        refused(*reader(path))


def test_a_byte_order_mark_is_accepted_and_another_encoding_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[parameters]\nempathy = 0.7\n", encoding="utf-8-sig")
    assert preset(str(path)).empathy == 0.7
    study = tmp_path / "study.toml"
    study.write_text('[design]\nkind = "grid"\nfactors = { empathy = [0.5] }\n', "utf-8-sig")
    assert Study.load(study).design.kind == "grid"
    path.write_text("[parameters]\n", encoding="utf-16")
    with pytest.raises(InputFileError, match="UTF-16"):
        read_text(path)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 900 + "]" * 900,
        "x = " + "{a=" * 500 + "1" + "}" * 500,
        "a." * 200_000 + "a = 1",
        "x = {" + "'a' . " * 50_000 + "a = 1}",
        "[" + "b." * 100_000 + "c]",
        "x = " + "9" * 5000,
        "[" * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_toml_that_would_take_the_parser_too_deep_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="not valid TOML"):
        parse_toml(text, "It")
    path = tmp_path / "it.toml"
    path.write_text(text)
    for reader in ("preset", "study", "therapy"):
        refused(*READERS[reader](path))


def test_a_study_that_names_any_file_as_its_table_does_not_quote_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text('alpha "secret" beta\n"unbalanced, 1\n2,3,4,5\n')
    path = tmp_path / "study.toml"
    for named in ("secret", "../" * 20 + "etc/hostname", "/dev/zero", "a\\u0000b", "."):
        path.write_text(f'[design]\nkind = "table"\npath = "{named}"\n')
        try:
            Study.load(path)
        except StudyError as error:
            assert "alpha" not in str(error)
            assert "unbalanced" not in str(error)
        said = refused("sweep", path, "--out", tmp_path / "out")
        assert "alpha" not in said


GRAPH = '<graph edgedefault="undirected"><node id="a"/><node id="b"/><edge source="a" target="b"/></graph>'
GRAPHML = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}</graphml>'


def test_a_network_with_entities_is_refused_before_they_are_expanded(tmp_path: Path) -> None:
    path = tmp_path / "net.graphml"
    entities = "".join(f'<!ENTITY e{number + 1} "{f"&e{number};" * 10}">' for number in range(12))
    path.write_text(
        f'<!DOCTYPE graphml [<!ENTITY e0 "x">{entities}]>'
        + GRAPHML.format(GRAPH.replace('id="b"', 'id="&e12;"'))
    )
    with pytest.raises(AllianceError, match="entities"):
        read_network(path)
    outside = '<!DOCTYPE graphml SYSTEM "file:///etc/hostname">'
    path.write_text(outside + GRAPHML.format(GRAPH))
    with pytest.raises(AllianceError, match="document type"):
        read_network(path)


def test_a_second_graph_is_named_and_none_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "net.graphml"
    path.write_text(GRAPHML.format(GRAPH))
    assert read_network(path).number_of_nodes() == 2
    path.write_text(GRAPHML.format(GRAPH * 2))
    with pytest.raises(AllianceError, match="2 graphs"):
        read_network(path)
    path.write_text(GRAPHML.format(""))
    with pytest.raises(AllianceError, match="0 graphs"):
        read_network(path)


def test_a_network_as_a_list_of_pairs_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text("Ada Ben\nBen Cleo\n", encoding="utf-8-sig")
    assert set(read_network(path).nodes) == {"Ada", "Ben", "Cleo"}
    assert alliance("run", *SMALL, "--network", path).exit_code == 0
