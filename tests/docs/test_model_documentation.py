"""The model's documentation says everything that the code does, and says it as the code has it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import shutil
from typing import TYPE_CHECKING, Any

import generate
import pytest
from tables.equations import equation_modules, equations, parameters_read
from tables.markdown import glossary
from tables.results import column_types

import simulation
from simulation.equation import EQUATIONS
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from pathlib import Path

ELEMENTARY = ("simulation.engine.assignment", "simulation.numerics", "simulation.randomness")
"""Modules of what is inlined without being the model's: arithmetic, and how the engine finds whom the model says."""

NUMBER = re.compile(r"\b[FC]\d+[a-z]?\b")


def cited(text: str) -> set[str]:
    return set(NUMBER.findall(text))


@pytest.fixture
def copied(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the documentation that a test may spoil."""
    docs = tmp_path / "docs"
    shutil.copytree(root / "docs", docs, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(generate, "HERE", docs)
    return docs


def test_every_generated_table_is_up_to_date() -> None:
    assert generate.main(["--check"]) == 0


def test_a_table_that_no_longer_agrees_with_the_code_is_noticed_and_mended(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (copied / "model.md").read_text(encoding="utf-8")
    spoilt = before.replace("| `dropout_alliance` | 2.0 |", "| `dropout_alliance` | 5.0 |")
    assert spoilt != before
    (copied / "model.md").write_text(spoilt, encoding="utf-8")
    assert generate.main(["--check"]) == 1
    assert "model.md" in capsys.readouterr().err
    assert generate.main([]) == 0
    assert (copied / "model.md").read_text(encoding="utf-8") == before
    assert generate.main(["--check"]) == 0


def test_a_table_nobody_can_generate_is_refused(copied: Path) -> None:
    page = copied / "extra.md"
    page.write_text(
        "<!-- begin generated: wishes -->\n<!-- end generated: wishes -->\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"extra\.md asks for wishes"):
        generate.main(["--check"])
    page.write_text("<!-- begin generated: statuses -->\nno end\n", encoding="utf-8")
    with pytest.raises(ValueError, match="does not end"):
        generate.main(["--check"])


def test_every_equation_of_the_model_is_documented(sections: dict[str, str]) -> None:
    missing = [name for name in equations() if not sections.get(name, "").strip()]
    assert not missing, f"docs/model.md has no section for: {', '.join(missing)}"


def test_no_module_holds_equations_the_documentation_does_not_know() -> None:
    for module in pkgutil.walk_packages(simulation.__path__, "simulation."):
        importlib.import_module(module.name)
    written = {
        function.__module__
        for function in EQUATIONS
        if inspect.getmodule(function) is not None
        and function.__code__.co_filename == inspect.getmodule(function).__file__  # type: ignore[union-attr]
        and function.__module__.startswith("simulation.")
    }
    of_other_models = {name for name in written if name.startswith("simulation.dyads.")}
    assert written - {*equation_modules(), *ELEMENTARY} == of_other_models


def test_each_equation_is_told_with_every_parameter_it_reads(sections: dict[str, str]) -> None:
    for name, function in equations().items():
        untold = [
            p for p in parameters_read(function) if not re.search(rf"\b{p}\b", sections[name])
        ]
        assert not untold, f"the section on {name} does not mention: {', '.join(untold)}"


def test_each_equation_is_told_with_the_evidence_its_docstring_cites(
    sections: dict[str, str],
) -> None:
    for name, function in equations().items():
        lost = cited(function.__doc__ or "") - cited(sections[name])
        assert not lost, f"the section on {name} does not cite {', '.join(sorted(lost))}"


def test_the_documentation_names_no_parameter_that_does_not_exist(sections: dict[str, str]) -> None:
    """What looks like a parameter in an equation is one, or is a name the code has."""
    known = set(PARAMETERS) | set(equations())
    known |= {word for row in PARAMETERS.values() for word in row.choices}
    for section, words in glossary().items():
        if section != "retired":
            known |= set(words)
    known |= {column for types in column_types().values() for column in types}
    scopes = " ".join(inspect.getsource(function) for function in equations().values())
    for name in equations():
        told = set(re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", sections[name]))
        unknown = {word for word in told - known if not re.search(rf"\b{word}\b", scopes)}
        assert unknown <= {"z_mood"}, f"the section on {name} names {', '.join(sorted(unknown))}"


def test_every_parameter_is_listed_with_its_meaning(page: str) -> None:
    for name, row in PARAMETERS.items():
        assert f"| `{name}` |" in page
        assert row.meaning.replace("|", "\\|") in page


def test_every_field_of_every_named_tuple_is_documented(page: str) -> None:
    tuples: list[Any] = []
    for module in pkgutil.walk_packages(simulation.__path__, "simulation."):
        members = vars(importlib.import_module(module.name)).values()
        tuples += [
            m
            for m in members
            if inspect.isclass(m) and issubclass(m, tuple) and hasattr(m, "_fields")
        ]
    told = {kind for kind in tuples if kind.__module__ == "simulation.states"}
    assert len(told) > 5
    for kind in told | {kind for kind in tuples if kind.__name__.endswith(("Draws", "Key"))}:
        assert f"`{kind.__name__}`" in page
        for field in kind._fields:
            assert f"`{field}`" in page, f"{kind.__name__}.{field} is not in docs/model.md"


def test_every_column_of_every_table_of_results_is_documented(page: str) -> None:
    for name, types in column_types().items():
        body = page.partition(f"#### `{name}`\n")[2].partition("\n#")[0]
        assert set(re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE)) == set(types)


def test_the_glossary_explains_nothing_that_no_longer_exists() -> None:
    from simulation import states
    from simulation.clinic import STATUSES

    kinds = [getattr(states, name) for name in states.__all__]
    fields = {field for kind in kinds if hasattr(kind, "_fields") for field in kind._fields}
    words = glossary()
    assert set(words["states"]) <= fields
    assert set(words["events"]) == set(states.SessionEvents._fields)
    assert tuple(words["statuses"]) == STATUSES


def test_every_mechanism_the_code_cites_is_explained(page: str) -> None:
    explained = cited(page.partition("\n## Mechanisms")[2])
    sources = " ".join(row.source for row in PARAMETERS.values())
    docstrings = " ".join(function.__doc__ or "" for function in equations().values())
    mechanisms = {number for number in cited(sources + docstrings) if number.startswith("C")}
    assert mechanisms
    assert mechanisms <= explained


def test_every_element_of_the_odd_protocol_is_there(page: str) -> None:
    for heading in (
        "1 Purpose and patterns",
        "2 Entities, state variables and scales",
        "3 Process overview and scheduling",
        "4 Design concepts",
        "5 Initialization",
        "6 Input data",
        "7 Submodels",
    ):
        assert f"\n## {heading}\n" in page
    concepts = page.partition("\n## 4 Design concepts\n")[2].partition("\n## ")[0]
    for concept in (
        "Basic principles",
        "Emergence",
        "Adaptation",
        "Objectives",
        "Learning",
        "Prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
    ):
        assert f"**{concept}.**" in concepts
