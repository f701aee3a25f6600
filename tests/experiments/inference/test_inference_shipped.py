"""What is shipped of the loops of mixed models is of these sources, and gives the bits that Numba gives."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from experiments.inference import compilation
from experiments.inference.compilation import INFERENCE
from experiments.inference.shipping import CALLED
from simulation.engine.shipped import is_usable, shipped, shipped_of_these_sources
from simulation.shipping import ships
from tests.processes import printed

if TYPE_CHECKING:
    from pathlib import Path

FIT = """
import hashlib, sys
import numpy as np
from experiments.inference.df_methods import KENWARD_ROGER, SATTERTHWAITE
from experiments.inference.mixed_model import RandomTerm, fit_model
from experiments.inference.one_intercept import fit_intercepts, make_workspace
rng = np.random.default_rng(7)
trials, clients = 40, 60
rows = trials * clients
numbers = rng.standard_normal((2, rows))
numbers[1, rng.random(rows) < 0.1] = np.nan
arm, therapist = np.arange(rows) % 2, np.arange(rows) % clients // 10
found = []
for method in range(4):
    contrasts, output = np.zeros((trials, 1, 3)), np.zeros((trials, 4))
    room = make_workspace(2, 2, 6, clients)
    fit_intercepts(numbers, arm, therapist, np.arange(trials + 1) * clients, method, room, contrasts, output)
    found += [contrasts, output]
x, y = numbers[:, np.isfinite(numbers[1])][:, :200]
side, group = np.arange(200) % 2, np.arange(200) // 20
design = np.column_stack([np.ones(200), x])
fine = RandomTerm(np.arange(200) // 4, design[:, :1], ("fine",))
terms = [RandomTerm(group, design, ("one", "slope", "both")), fine]
for method in (KENWARD_ROGER, SATTERTHWAITE):
    fit = fit_model(y, design, terms, np.eye(2), method, strata=side, residual_names=("a", "b"))
    found += [fit.estimate, fit.se, fit.df, np.array([fit.reml, fit.failed, *fit.variances.values()])]
print("numba" in sys.modules, *(hashlib.sha256(one.tobytes()).hexdigest()[:12] for one in found))
"""
"""Each kernel, with all that it branches on."""

MADE_HERE = pytest.mark.skipif(not is_usable(INFERENCE), reason="Numba compiles here.")


def in_a_new_process(folder: Path, **variables: str) -> list[str]:
    return printed(FIT, without="NUMBA_", ALLIANCE_CACHE_DIR=str(folder), **variables).split()


def test_what_is_shipped_is_of_these_sources() -> None:
    assert shipped_of_these_sources(INFERENCE) is not None, (
        "The loops of mixed models have changed: run `python -m experiments.inference.shipping`, and add its file."
    )


def test_every_kernel_is_shipped() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in compilation.ROOM.glob("*.py"))
    content = shipped(INFERENCE.file)
    assert content is not None
    assert set(content.modules) == set(re.findall(r"^@kernel\ndef (\w+)", sources, re.MULTILINE))


def test_a_change_of_what_is_compiled_is_noticed_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in compilation.ROOM.glob("*.py"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(compilation, "ROOM", tmp_path)
    now = compilation._sources_now.__wrapped__
    before = now()
    for name, noticed in (("formula.py", False), ("dense.py", True)):
        with (tmp_path / name).open("a") as file:
            file.write("\nANOTHER = 1\n")
        assert (now() != before) is noticed


@MADE_HERE
@pytest.mark.slow  # 40 s
def test_it_has_the_bits_that_numba_gives_and_those_of_any_processor(tmp_path: Path) -> None:
    by_numba, *bits = in_a_new_process(tmp_path, NUMBA_OPT="3")
    assert by_numba == "True"
    assert in_a_new_process(tmp_path) == ["False", *bits]
    stored = {path.name.split("-")[0] for path in tmp_path.rglob("*.code")}
    assert stored == {"evaluate", "fit_intercepts", "small_samples"}
    assert in_a_new_process(tmp_path) == ["False", *bits]
    assert in_a_new_process(tmp_path, NUMBA_CPU_NAME="generic") == ["False", *bits]


@pytest.mark.slow  # 20 s
def test_it_is_what_is_made_of_the_sources() -> None:
    here = shipped(INFERENCE.file)
    assert here is not None
    if here.made_with != {name: version(name) for name in here.made_with}:
        pytest.skip("Another version of Numba words it otherwise.")
    assert ships(INFERENCE, CALLED) == here
