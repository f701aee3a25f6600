"""An outcome is one file, as docs/extending.md shows, and is then wherever outcomes are."""

from __future__ import annotations

import pytest

from tests.extending import Copy, copy_of

NAME, LABEL = "stays_after_rupture_rate", "clients who stay after a rupture"

EVERYWHERE = f"""
from experiments.catalogue import OUTCOMES
from experiments.tables.run_tables import RunTables
from simulation import Parameters, simulate

small = Parameters(clients=40, therapists=4)
tables = RunTables.of(simulate(small, seed=3, replicates=3))
values = OUTCOMES["{NAME}"](tables)
clients = simulate(small, seed=3, replicates=3).clients
torn = clients.filter((clients["sessions"] > 0) & (clients["ruptures"] > 0))
for place, part in enumerate(torn.partition_by("replicate", maintain_order=True)):
    assert values[place] == (part["status"] != "dropped_out").mean(), place

from experiments import Fixed, Grid, Study, results, run
study = Study(
    name="added", design=Grid(factors={{"empathy": [0.4, 0.6]}}), settings={{"clients": 40}},
    outcomes=("{NAME}",), replication=Fixed(replicates=2),
)
run(study, "added")
assert results("added")["{NAME}"].is_between(0, 1).all()

from dashboards.comparisons.comparison import Arm
from dashboards.comparisons.running import refine_comparison
*_, found = refine_comparison(Arm("A", small), Arm("B", small.replace(empathy=0.9)), 1, 3)
said = found.outcomes["{NAME}"].sentence
assert "{LABEL}" in said.lower(), said

from dashboards.sweeps.inputs import FIELDS
assert FIELDS["outcome"].read("{NAME}") == "{NAME}"

from dashboards.lessons.measures import MEASURES
assert MEASURES["{NAME}"].unit.name == "%"
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return copy_of(tmp_path_factory.mktemp("outcome"), "experiments", "dashboards")


@pytest.fixture(scope="module")
def added(copy: Copy) -> Copy:
    assert NAME not in copy.alliance("run", "--outcomes")
    copy.add("A new outcome")
    return copy


def test_a_run_says_it_with_its_interval(added: Copy) -> None:
    found = added.alliance_json("run", "--replicates", "4")["outcomes"][NAME]
    assert 0.0 <= found["low"] <= found["value"] <= found["high"] <= 1.0
    (line,) = [
        line for line in added.alliance("run", "--outcomes").splitlines() if line.startswith(NAME)
    ]
    assert " % (" in line


def test_it_is_explained(added: Copy) -> None:
    assert LABEL in added.alliance("explain", NAME)


def test_studies_comparisons_sweeps_and_lessons_have_it(added: Copy) -> None:
    added.run(EVERYWHERE)
