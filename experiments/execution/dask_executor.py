"""Running a study on Dask: one machine or many."""

from __future__ import annotations

import logging
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.execution.executors import StudyExecutor
from experiments.execution.interruption import postponed, unheard_by_children
from experiments.execution.other_processes import check_guard
from experiments.execution.streaming import ExecutorError, TaskStream
from simulation.cores import available_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from experiments.execution.tasks import ChunkResult, ChunkTask, Evaluate

__all__ = ["Dask"]


PART_SECONDS = 1.0
"""Of a worker, for a part that the scheduler hands out: its own work on it, 3 to 4 ms, is then hardly felt."""


@dataclass(frozen=True)
class Dask(StudyExecutor):
    """Dask's scheduler and workers on any number of machines; ``local`` for a cluster on this one.

    Workers need the same version of this project installed; they need not see the folder.
    """

    address: str
    count: int | None = None

    def check(self, evaluate: Evaluate) -> None:  # noqa: ARG002
        """Refuse a script without the main guard; models are sent whole, lambdas too."""
        if self.address == "local":
            check_guard()

    @property
    def workers(self) -> int:
        """Workers of a local cluster; of another, not known before it is asked."""
        return self.count or available_cores()

    def run(
        self, tasks: Iterator[ChunkTask], evaluate: Evaluate, accept: Callable[[ChunkResult], None]
    ) -> list[int]:
        """Compute the tasks on the cluster; it moves the work of a worker that dies to another."""
        try:
            import dask
            import distributed
        except ImportError:
            raise ExecutorError(
                "Dask is not installed; install the extra: pip install 'alliance-dynamics[dask]'."
            ) from None
        quiet = dask.config.set(
            {"distributed.admin.log-length": 0, "distributed.worker.daemon": True}
        )
        with quiet, self._client(distributed) as client:
            workers = max(1, sum(client.nthreads().values()))
            stream = TaskStream(
                tasks,
                evaluate,
                accept,
                window=2 * workers,
                reopens=False,
                part_seconds=PART_SECONDS,
            )
            return stream.run_through(lambda: nullcontext(client.get_executor(pure=False)))

    @contextmanager
    def _client(self, distributed: Any) -> Iterator[Any]:
        if self.address == "local":
            with ExitStack() as running:
                with postponed(), unheard_by_children():
                    cluster = distributed.LocalCluster(
                        n_workers=self.workers,
                        threads_per_worker=1,
                        dashboard_address=None,
                        silence_logs=logging.CRITICAL,  # workers that are being closed complain of it
                    )
                    client = distributed.Client(cluster)
                    running.callback(_close, client, cluster)
                yield client
            return
        try:
            client = distributed.Client(self.address, timeout="10s")
        except (OSError, ValueError, TimeoutError) as error:
            said = " ".join(str(error).split())
            raise ExecutorError(f"No Dask scheduler answers at {self.address}: {said}.") from None
        with client:
            yield client


def _close(client: Any, cluster: Any) -> None:
    """End a local cluster, whatever is pressed meanwhile."""
    with postponed():
        client.close()
        cluster.close()
