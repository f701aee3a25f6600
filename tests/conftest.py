"""How hypothesis searches in all tests, and when they run on several cores."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from simulation.cores import available_cores

# A busy machine is no defect, so no example has a deadline.
settings.register_profile(
    "alliance",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("alliance")

MOST_WORKERS = 8
"""More start for longer than they save."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the workers of ``-n auto``: all cores for the whole fast suite, else none.

    A few files are over before workers have started; slow tests measure time and memory, and those in a browser have
    one server after another.
    """
    named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    others = config.option.markexpr != "not slow and not browser"
    return 0 if named or others else min(available_cores(), MOST_WORKERS)
