"""What `experiments` offers a researcher: few names, imported when they are first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import experiments

HEAVY = ("mesa", "numba", "numpy", "polars", "pydantic", "scipy", "solara")


def loaded_after(statement: str) -> set[str]:
    script = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_experiments_imports_nothing_heavy():
    assert loaded_after("import experiments").isdisjoint(HEAVY)


def test_writing_a_study_down_needs_neither_the_engine_nor_data_frames():
    loaded = loaded_after(
        "from experiments import Fixed, Grid, Study\n"
        "Study(design=Grid(factors={'empathy': '0.2:0.8:7'}), replication=Fixed(replicates=3))"
    )
    assert loaded.isdisjoint({"mesa", "numba", "polars", "solara"})


@pytest.mark.parametrize("name", experiments.__all__)
def test_every_name_can_be_imported_and_says_what_it_is(name):
    offered = getattr(experiments, name)
    assert offered.__name__ == name
    assert offered.__doc__


def test_every_design_replication_and_executor_is_on_the_face():
    from experiments.design.designs import Design
    from experiments.design.replication import Replication
    from experiments.execution.executors import StudyExecutor

    kinds = {
        *Design.__origin__.__args__,
        *Replication.__origin__.__args__,
        *StudyExecutor.__subclasses__(),
    }
    assert {kind.__name__ for kind in kinds} <= set(experiments.__all__)


def test_a_misspelt_name_is_an_error_not_silence():
    with pytest.raises(AttributeError, match="Gird"):
        experiments.Gird  # noqa: B018
