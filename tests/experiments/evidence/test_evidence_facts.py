"""Published findings are stated once, honestly, and split before fitting."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from experiments.evidence import fact, load_facts, read_facts
from experiments.evidence.ranges import between_study_range, sampling_range, widened_range
from simulation.errors import AllianceError

FACTS = load_facts()

LETTERS = "abcdefghijklmnopqrstuvwxyz"
HEADLINES = ("F01", "F11", "F15", "F16", "F33")
FITTED = {
    "F23", "F24", "F26", "F27", "F28", "F29", "F31", "F32", "F39", "F46", "F53", "F54", "F60",
    "F65", "F73", "F74", "F75", "F77", "F87", "F88", "F113", "F115", "B1", "B2",
}  # fmt: skip


def test_at_least_forty_facts_are_computed():
    assert sum(one.computed for one in FACTS) >= 40


@pytest.mark.parametrize("name", HEADLINES)
def test_headline_numbers_must_emerge(name):
    assert fact(name).role == "predict"
    assert all(one.role == "predict" for one in FACTS if one.id.rstrip(LETTERS) == name)


def test_only_findings_on_the_list_are_fitted():
    for one in FACTS:
        if one.role == "fit":
            assert one.id.rstrip(LETTERS) in FITTED, one.id


def test_no_response_to_an_intervention_is_fitted():
    responses = [one for one in FACTS if one.policy]
    assert len(responses) > 5
    assert {one.role for one in responses} == {"predict"}


RULES = {
    "between_study": lambda f: between_study_range(f.value, f.ci_low, f.ci_high, f.k, f.n, f.scale),
    "widened": lambda f: widened_range(f.value, f.ci_low, f.ci_high, f.scale),
    "sampling": lambda f: sampling_range(f.value, f.n, f.scale, share=f.group_share),
}


@pytest.mark.parametrize("one", [o for o in FACTS if o.range_rule in RULES], ids=lambda one: one.id)
def test_ranges_follow_from_the_rule_they_name(one):
    assert (one.low, one.high) == pytest.approx(RULES[one.range_rule](one), abs=6e-4)


def test_a_published_interval_lies_inside_the_range():
    for one in FACTS:
        if one.computed and one.ci_low is not None:
            assert one.low <= one.ci_low < one.ci_high <= one.high, one.id


def test_the_range_is_narrow_enough_to_fail():
    for name in HEADLINES:
        one = fact(name)
        assert not one.inside(0.0)
        assert not one.inside(2 * one.value)
        assert not one.inside(float("nan"))
        assert one.inside(one.value)


def test_what_is_not_computed_says_why():
    for one in FACTS:
        assert one.computed != bool(one.not_computed), one.id


def test_a_fact_cannot_be_changed():
    with pytest.raises(ValidationError):
        fact("F01").value = 0.9


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(AllianceError, match="F46r"):
        fact("F46rr")


def test_doubt_about_the_mean_and_spread_between_studies_both_widen_a_range():
    sure = between_study_range(0.28, 0.26, 0.30, 10, 100_000, "correlation")
    unsure = between_study_range(0.28, 0.18, 0.37, 10, 100_000, "correlation")
    many = between_study_range(0.28, 0.26, 0.30, 300, 3_000_000, "correlation")
    assert unsure[0] < sure[0] < 0.28 < sure[1] < unsure[1]
    assert many[0] < sure[0]


def test_studies_that_differ_by_sampling_only_get_the_interval_back():
    error = (1 / (100 - 3) / 20) ** 0.5
    low, high = (math.tanh(math.atanh(0.3) + side * 1.96 * error) for side in (-1, 1))
    assert between_study_range(0.3, low, high, 20, 2000, "correlation") == pytest.approx(
        (low, high), abs=0.004
    )


def test_the_sampling_rule_is_one_and_a_half_intervals():
    low, high = sampling_range(0.55, 1301, "difference", share=0.2)
    error = (1 / (1301 * 0.2) + 1 / (1301 * 0.8)) ** 0.5
    assert (low, high) == pytest.approx((0.55 - 2.94 * error, 0.55 + 2.94 * error), abs=1e-3)
    with pytest.raises(ValueError, match="ratio"):
        sampling_range(1.2, 100, "ratio")


GOOD = """
[[fact]]
id = "F01"
statistic = "alliance and outcome"
value = 0.278
low = 0.1
high = 0.4
range_rule = "stated"
range_reason = "an example"
citation = "Somebody 2020"
status = "V"
role = "predict"
statistic_function = "process_outcome_r"
"""


def test_facts_of_ones_own_are_read(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(GOOD + 'arguments = { column = "blri_empathy", sessions = [3, 3] }\n', "utf-8")
    (one,) = read_facts(path)
    assert dict(one.arguments) == {"column": "blri_empathy", "sessions": (3, 3)}
    assert hash(one)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("low = 0.1", "low = 0.9"), r"F01.*runs from 0.9 to 0.4"),
        (("value = 0.278", "value = 0.9"), r"F01.*value 0.9 lies outside"),
        (("value = 0.278", 'value = "much"'), r"F01: value: .*number"),
        (("value = 0.278", "value = nan"), r"finite"),
        (('role = "predict"', 'role = "guess"'), r"role: .*'fit' or 'predict'"),
        (('status = "V"', 'status = "M?"'), r"status: .*'V'"),
        (("citation", "citaton"), r"citation: Field required|citaton is|citaton: is not"),
        (('range_rule = "stated"', 'range_rule = "widened"'), r"widened needs ci_low"),
        (
            (
                'range_rule = "stated"',
                'range_rule = "widened"\nci_low = 0.2\nci_high = 0.35\nscale = "correlation"',
            ),
            r"widened gives low = 0.160 and high = 0.385",
        ),
        (('range_reason = "an example"', ""), r"needs range_rule and range_reason"),
        (('statistic_function = "process_outcome_r"', ""), r"either statistic_function or"),
        (("[[fact]]", "[[fact]"), r"not valid TOML"),
        (("[[fact]]", "[[facts]]"), r"has no facts"),
    ],
)
def test_a_fact_that_is_not_valid_is_named_in_one_sentence(tmp_path, change, message):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(*change), "utf-8")
    with pytest.raises(AllianceError, match=message):
        read_facts(path)


def test_an_id_is_used_once(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD + GOOD, "utf-8")
    with pytest.raises(AllianceError, match="two facts with the id F01"):
        read_facts(path)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(AllianceError, match="cannot be read"):
        read_facts(tmp_path / "none.toml")
