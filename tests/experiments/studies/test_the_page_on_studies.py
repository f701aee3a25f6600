"""What docs/studies.md shows works as shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from experiments.design import designs
from experiments.design.replication import Adaptive
from experiments.design.study import Study

PAGE = (Path(__file__).parents[3] / "docs" / "studies.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(blocks("python")[0], names)
    return names


def test_the_study_in_toml_is_the_study_in_python_but_for_its_name(shown):
    study = Study.from_toml(blocks("toml")[0])
    assert study.fingerprint == shown["study"].fingerprint


def test_the_python_shown_gives_a_table_of_one_row_a_run(shown):
    assert shown["table"].height == 7 * 5 * 50
    assert shown["table"].columns[2:4] == ["empathy", "boundary"]


def test_the_adaptive_rule_shown_is_one():
    head, body = blocks("toml")[0].split("[replication]")
    assert "fixed" in body
    assert isinstance(Study.from_toml(head + blocks("toml")[1]).replication, Adaptive)


def test_every_kind_of_design_is_in_the_table():
    kinds = {get_args(model)[0] for model in kinds_of_designs()}
    table = PAGE[PAGE.index("| kind |") : PAGE.index("A factor is")]
    assert kinds == set(re.findall(r"`(\w+)`", table))


def kinds_of_designs():
    union = get_args(designs.Design)[0]
    return [model.model_fields["kind"].annotation for model in get_args(union)]
