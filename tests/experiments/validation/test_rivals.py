"""Four mechanisms can tell the same story about one number; the table says which survive the rest."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.console import Console

from experiments.catalogue import statistic
from experiments.evidence import fact
from experiments.reports.rivals_table import rivals_page
from experiments.validation.rival_mechanisms import MECHANISMS, Rivals, rivals
from experiments.validation.scores import mean_score
from experiments.validation.simulated_studies import run_studies, study_clinic
from simulation.dyads.catalogue import dyad_names
from simulation.presets import preset
from tests.programs import alliance, refused

if TYPE_CHECKING:
    from experiments.validation.results import Validation


@pytest.fixture(scope="module")
def found() -> Rivals:
    return rivals(studies=20)


def text_of(found: Rivals) -> str:
    shown = io.StringIO()
    console = Console(width=150, file=shown)
    for part in rivals_page(found):
        console.print(part)
    return shown.getvalue()


def with_headline(found: Rivals, mechanism: str, *, inside: bool) -> Rivals:
    def changed(one: Validation) -> Validation:
        if one.preset != mechanism:
            return one
        rows = tuple(replace(r, inside=inside) if r.id == "F01" else r for r in one.rows)
        return replace(one, rows=rows)

    return Rivals(tuple(changed(one) for one in found.validations))


def test_all_four_answer_for_the_same_findings(found):
    assert tuple(one.preset for one in found.validations) == MECHANISMS
    for rows in found.by_fact():
        assert len({row.id for row in rows}) == 1
    assert found.by_fact()[0][0].id == "F01"


def test_the_table_says_when_a_rival_does_not_reach_the_headline(found):
    for inside in (True, False):
        changed = with_headline(found, "halo", inside=inside)
        assert changed.reaches_headline("halo") == inside
        (line,) = (one for one in text_of(changed).splitlines() if one.startswith("halo: survives"))
        assert ("does NOT reach F01" in line) == (not inside)


def test_the_headline_does_not_count_as_survival(found):
    before = found.findings_inside("trait")
    for inside in (True, False):
        assert with_headline(found, "trait", inside=inside).findings_inside("trait") == before


def test_a_rival_meets_findings_that_count_and_is_scored_on_what_was_not_fitted(found):
    rows = next(one.rows for one in found.validations if one.preset == "trait")
    counted = [row for row in rows if row.id != "F01" and not row.not_counting]
    assert len(counted) < len(rows) - 1
    assert found.findings_inside("trait") == (sum(row.inside for row in counted), len(counted))
    own = [row for row in rows if row.role != "fit"]
    assert found.score("trait") == mean_score(own) != mean_score(rows)


def test_what_tells_them_apart_is_named(found):
    discriminating = found.discriminating()
    for rows in found.by_fact():
        verdicts = {row.inside for row in rows}
        assert (rows[0].id in discriminating) == (verdicts == {True, False})


def test_json_has_one_object_a_finding(found):
    entries = json.loads(json.dumps(found.to_dicts(), allow_nan=False))
    assert len(entries) == len(found.by_fact())
    for entry in entries:
        assert set(entry["mechanisms"]) == set(MECHANISMS)
        assert all("reaches_F01" in one for one in entry["mechanisms"].values())


def test_the_best_rivals_are_those_with_the_lowest_score_that_reach_the_headline(found):
    reached = with_headline(found, "halo", inside=True)
    assert "halo" in reached.best()
    scores = [reached.score(name) for name in reached.best()]
    assert scores == sorted(scores)
    assert "halo" not in with_headline(found, "halo", inside=False).best()


def test_what_would_tell_two_apart_needs_more_clients_the_closer_they_are(found):
    studies = found.parting("causal", "trait")
    assert [row.clients for row in studies] == sorted(row.clients for row in studies)
    roles = {row.id: row for row in found.validations[0].rows}
    assert all(roles[row.fact].role != "fit" and not roles[row.fact].latent for row in studies)
    trial = next(row for row in studies if row.fact == "F95s")
    assert trial.design == "a trial with and without alliance supervision"
    assert trial.clients == math.ceil(4 * 2.8**2 / (trial.one - trial.other) ** 2)
    assert found.parting("causal", "causal") == ()
    text = text_of(found)
    assert "What would tell" in text
    assert "mean score" in text


def test_a_study_of_that_size_does_tell_them_apart():
    """Simulate studies of the size named, of either rival: their means lie so many standard errors apart."""
    found = rivals(studies=200)
    row = next(one for one in found.parting("causal", "trait") if one.design == "a cohort")
    clients = max(row.clients, 40)
    statistic_of = partial(
        statistic(fact(row.fact).statistic_function), **dict(fact(row.fact).arguments)
    )
    values = {}
    for name, value in (("causal", row.one), ("trait", row.other)):
        clinic = study_clinic(preset(name), 60)
        size = max(1, round(clients / clinic.clients))
        values[name] = [
            statistic_of(run_studies(clinic, seed=90_000 + one, studies=size)) for one in range(60)
        ]
        assert np.mean(values[name]) == pytest.approx(value, abs=0.5 * abs(row.one - row.other))
    spread = np.std(
        [
            *(np.array(values["causal"]) - np.mean(values["causal"])),
            *(np.array(values["trait"]) - np.mean(values["trait"])),
        ]
    )
    apart = abs(row.one - row.other) / spread
    assert 1.8 < apart < 4.2


OWN = """
from simulation.presets import layered


class Own(type(layered(["NAME"]))):
    pass


def no_rival():
    return 1
"""


def test_a_model_of_ones_own_is_a_rival_that_is_called_by_its_file(tmp_path, monkeypatch):
    name = dyad_names()[0]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_rival.py").write_text(OWN.replace("NAME", name))
    words = ("rivals", "--rival", "own_rival.py:Own", "--rival", name, "--studies", 20, "--json")
    done = alliance(*words)
    assert done.exit_code == 0, done.output
    for one in json.loads(done.stdout):
        own, published = (one["mechanisms"][name] for name in ("own_rival.py:Own", name))
        assert own["simulated"] == published["simulated"]
    said = refused("rivals", "--rival", "own_rival.py:no_rival", "--studies", 20)
    assert "no rival: name a subclass of Parameters with a dyad" in said
