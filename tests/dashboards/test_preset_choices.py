"""A long list of presets is read under its headings, and no name is cut short by its kind."""

from __future__ import annotations

from itertools import groupby

from dashboards.addresses.preset_choices import preset_choices
from dashboards.comparisons.baseline import OTHER_MODELS, SAME, choices
from simulation.dyads.catalogue import dyad_names
from simulation.presets import KINDS, all_presets


def test_every_preset_stands_once_under_the_heading_of_its_kind() -> None:
    found = preset_choices()
    assert sorted(one.value for one in found) == sorted(one.name for one in all_presets())
    kinds = {one.name: one.kind for one in all_presets()}
    headings = [(heading, {kinds[one.value] for one in under}) for heading, under in grouped(found)]
    assert [kind for _, (kind,) in headings] == list(KINDS)
    assert all(heading for heading, _ in headings)
    titles = {one.name: one.title for one in all_presets()}
    assert all(one.label == titles[one.value] for one in found)


def test_a_comparison_offers_policies_first_and_models_of_others_last() -> None:
    same, *others = choices()
    assert (same.value, same.group) == (SAME, "")
    assert next(heading for heading, _ in grouped(others)) == "Policies"
    known = {one.name for one in all_presets()} | set(dyad_names())
    assert sorted(one.value for one in others) == sorted(known)
    *_, (heading, last) = grouped(others)
    assert (heading, [one.value for one in last]) == (OTHER_MODELS, list(dyad_names()))


def grouped(found):
    return [(key, list(under)) for key, under in groupby(found, key=lambda one: one.group)]
