"""Twins that more than one file looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from experiments.twin import making
from experiments.twin.fitting import QuickFit
from experiments.twin.maker import Maker
from experiments.twin.making import Twin, make_twin
from experiments.twin.privacy import Privacy
from tests.experiments.twin.exports import (
    EXPORTS,
    MAPPING,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def fit() -> QuickFit:
    """One ensemble for all twins, which is most of the work."""
    return QuickFit()


@pytest.fixture(scope="session")
def twins(
    fit: QuickFit, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, Path, Twin]]:
    """Return the file, its twin's file and the twin of every export; attacks are another file's."""
    found = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(making, "QuickFit", lambda **_: fit)
        patched.setattr(Maker, "attacked", lambda *_: Privacy(0, 0.0, (), 0.1, 0.1, (), 0))
        for name, written in EXPORTS.items():
            path = tmp_path_factory.mktemp("export") / "records.csv"
            path.write_text(written(), encoding="utf-8")
            target = path.with_name("twin.csv")
            twin = make_twin(path, target, MAPPING)
            twin.write(target)
            found[name] = path, target, twin
    return found
