"""Taking over runs that an earlier study has: the same settings, seed, replicates, outcomes and model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.design.value import StudyError
from experiments.execution.model_source import source_hash, sources_of
from experiments.execution.plan import plan
from experiments.execution.tasks import StoredRuns
from experiments.store.claims import refuse_another_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from experiments.design.value import Scalar
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import ChunkTask, Evaluate
    from experiments.store.study_folder import StudyFolder

__all__ = ["EarlierRuns"]


class EarlierRuns:
    """The runs of a study in a folder, by the settings of their points.

    Raises
    ------
    AllianceError
        If none of them could be a run of the new study: another seed, or another version of the model.
    """

    def __init__(self, folder: StudyFolder, new: Plan, evaluate: Evaluate) -> None:
        old = plan(folder.study, new.space)
        if old.study.seed != new.study.seed:
            raise StudyError(
                f"{folder.path} has seed {old.study.seed}, and this study {new.study.seed}: none of its runs belongs "
                "to it. Give the same seed."
            )
        then = folder.manifest
        refuse_another_version(
            folder.path,
            then.get("source_hash"),
            source_hash(evaluate),
            what="results",
            sources=(then.get("sources"), sources_of(evaluate)),
        )
        runs = folder.results()
        names = [name for name in new.study.outcomes if name in old.study.outcomes]
        points, replicates = runs["point"].to_numpy(), runs["replicate"].to_numpy()
        columns = {name: runs[name].to_numpy() for name in names}
        self._runs: dict[frozenset[tuple[str, Scalar]], StoredRuns] = {}
        for point, settings in enumerate(map(old.settings, old.points.rows(0, len(old.points)))):
            begin, end = np.searchsorted(points, [point, point + 1])
            gaps = np.flatnonzero(replicates[begin:end] != np.arange(end - begin))
            whole = begin + (int(gaps[0]) if len(gaps) else end - begin)
            self._runs[_key(settings)] = StoredRuns(
                int(whole - begin), {name: values[begin:whole] for name, values in columns.items()}
            )

    def given_to(self, tasks: Iterator[ChunkTask]) -> Iterator[ChunkTask]:
        """Give every task the runs that its points have already."""
        for task in tasks:
            known = {
                point: self._runs[_key(settings)]
                for point, settings in zip(task.points, task.settings, strict=True)
                if _key(settings) in self._runs
            }
            yield replace(task, stored=known)


def _key(settings: Mapping[str, Scalar]) -> frozenset[tuple[str, Scalar]]:
    return frozenset(settings.items())
