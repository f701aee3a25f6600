"""What `alliance explain` can say, and that nothing is missing from it."""

from __future__ import annotations

import re

import pytest

from experiments.evidence.equation_index import (
    equations_named,
    equations_using,
    uses_by_parameter,
)
from experiments.evidence.explain import citations, column_meanings, explain, preset_explained
from experiments.evidence.mechanisms import GRADES, load_mechanisms
from experiments.evidence.reading import load_facts
from experiments.quantities.writing import span
from simulation import PARAMETERS, AllianceError, all_presets, simulate
from simulation.instruments import INSTRUMENTS


@pytest.fixture(scope="module")
def result():
    from simulation import Parameters

    return simulate(Parameters(clients=10, therapists=2), seed=1, histories=True)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_is_explained_and_used_by_an_equation(name: str) -> None:
    (one, *_) = explain(name)
    assert one.kind == "parameter"
    assert one.meaning == PARAMETERS[name].meaning
    assert one.equations, f"nothing uses {name}"
    assert all(use.meaning for use in one.equations)


def test_an_equation_that_uses_a_parameter_is_named() -> None:
    uses = {(use.module, use.name) for use in equations_using("alliance_effect")}
    assert uses == {("equations.change", "session_gain")}
    assert {use.name for use in equations_using("dropout_alliance")} == {"dropout_probability"}
    assert "medians" in {use.name for use in equations_using("repair_skill")}
    assert equations_using("no_such_parameter") == ()


def test_every_equation_of_the_model_is_explained_by_its_law_and_what_it_reads() -> None:
    from simulation.equation import LAWS

    laws = {one.__name__ for one in LAWS if one.__module__.startswith("simulation.equations.")}
    assert len(laws) > 60
    assert laws <= set(equations_named())
    for name in equations_named():
        (one,) = (found for found in explain(name) if found.kind == "equation")
        assert one.meaning
    (noticing,) = explain("noticing")
    assert dict(noticing.entries) == {
        "stands in": "simulation/equations/therapist.py",
        "rises with": "skill",
        "falls with": "fatigue",
        "reads": "alliance_supervision, alliance_supervision_effect, notice_fatigue",
    }
    assert [line[:3] for line in noticing.evidence][:2] == ["C16", "C29"]


def test_a_mechanism_that_does_not_exist_is_not_taken_for_one_that_is_known() -> None:
    assert citations("C99") == ("C99  no such mechanism: docs/model.md has the list",)


def test_the_index_names_functions_that_exist() -> None:
    from importlib import import_module

    for uses in uses_by_parameter().values():
        for use in uses:
            assert hasattr(import_module(f"simulation.{use.module}"), use.name)


@pytest.mark.parametrize("one", all_presets(), ids=lambda one: one.name)
def test_every_preset_cites_facts_and_mechanisms_that_exist(one) -> None:
    known = {re.match(r"[A-Z]\d+", fact.id).group() for fact in load_facts()} | set(
        load_mechanisms()
    )
    loosely_known = {"F109", "F112"}
    assert set(one.facts) <= known | loosely_known
    explained = preset_explained(one.name)
    assert explained.kind == one.kind
    assert len(explained.evidence) >= len(one.facts)


@pytest.mark.parametrize("fact", load_facts(), ids=lambda fact: fact.id)
def test_every_fact_is_explained_with_its_citation(fact) -> None:
    one = next(item for item in explain(fact.id) if item.name == fact.id)
    assert ("citation", fact.citation) in one.entries


def test_figures_from_memory_and_from_secondary_sources_say_so() -> None:
    for fact in load_facts():
        one = next(item for item in explain(fact.id) if item.name == fact.id)
        assert ("from memory" in one.meaning) == (fact.status == "M")
        assert ("secondary source" in one.meaning) == (fact.status == "V2")


def test_what_computes_a_fact_is_explained_by_the_name_that_is_given() -> None:
    for fact in load_facts():
        one = next(item for item in explain(fact.id) if item.name == fact.id)
        name = dict(one.entries).get("computed by")
        assert fact.computed == (name is not None)
        assert name is None or "statistic" in {item.kind for item in explain(name)}


def test_a_fact_with_several_statistics_is_explained_by_its_number() -> None:
    assert {one.name for one in explain("F46")} == {"F46r", "F46d"}
    assert {one.name for one in explain("f46")} == {"F46r", "F46d"}
    assert "F10" not in {one.name for one in explain("F100")}


def test_mechanisms_are_numbered_graded_and_explained() -> None:
    mechanisms = load_mechanisms()
    assert list(mechanisms) == [f"C{number}" for number in range(1, len(mechanisms) + 1)]
    assert len(mechanisms) == 35
    for name, mechanism in mechanisms.items():
        assert set(mechanism.grade.split("/")) <= set(GRADES)
        (one,) = explain(name)
        assert mechanism.claim in one.meaning
        for fact in mechanism.facts:
            assert "known too loosely" not in " ".join(citations(fact)), fact


def test_every_mechanism_a_parameter_cites_exists_and_names_it() -> None:
    for row in PARAMETERS.values():
        for name in re.findall(r"C\d+", row.source):
            entries = dict(explain(name)[0].entries)
            assert row.name in entries["parameters"].split(", ")


@pytest.mark.parametrize("table", ["clients", "sessions", "therapists"])
def test_every_column_of_the_tables_is_explained_and_no_other(table, result) -> None:
    shared = set() if table == "clients" else {"run", "replicate", "seed", "client", "therapist"}
    assert set(column_meanings()[table]) == set(result.columns(table)) - shared
    for name in result.columns(table):
        assert any(one.kind == "column" for one in explain(name))


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_instrument_is_explained_with_its_range_and_rater(name: str) -> None:
    one = next(item for item in explain(name) if item.kind == "column")
    entries = dict(one.entries)
    assert entries["range"] == span(INSTRUMENTS[name].low, INSTRUMENTS[name].high)
    assert entries["filled in by"] == INSTRUMENTS[name].rater


def test_a_name_of_two_things_explains_both() -> None:
    assert {one.kind for one in explain("progress_feedback")} == {"parameter", "policy"}
    assert {one.kind for one in explain("empathy")} == {"parameter", "column"}


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [("empaty", "empathy"), ("trainig_clinic", "training_clinic"), ("core10", "core_10")],
)
def test_a_misspelt_name_is_told_the_nearest(misspelt: str, meant: str) -> None:
    with pytest.raises(AllianceError, match=f"Did you mean {meant}"):
        explain(misspelt)
