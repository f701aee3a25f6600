"""Run the installed program as a stranger does, in an empty folder away from the clone: ``python -P .../release.py``.

Not a test of pytest's: `.ci/run` calls it with the Python of an environment that holds the built wheel and nothing
else of this project. It leaves with an error at the first thing that does not work.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from importlib.metadata import distribution
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PORT = 8799
PATIENCE = 120.0

COMMANDS = (
    "--version",
    "run",
    "run --replicates 3 --out tables --format csv",
    "presets university_counselling",
    "explain F01",
    "sweep --vary empathy=0.3,0.7 --replicates 3 --outcome dropout_rate --out study",
    "results study --csv runs.csv",
    "report study",
    "verify study --rows 2",
    "page --lesson feedback --out feedback.html",
    "describe records.csv",
)
"""What a first hour types."""

WRITTEN = ("tables/clients.csv", "study/report.html", "runs.csv", "feedback.html")


def main() -> None:
    """Run everything."""
    if any(Path().iterdir()):
        sys.exit("Run this in an empty folder.")
    import simulation

    where = Path(simulation.__file__).resolve()
    if "site-packages" not in where.parts:
        sys.exit(f"simulation comes from {where.parent}, not from an installed wheel.")
    compiled_code_is_there()
    for command in COMMANDS:
        if command.startswith("describe"):
            shutil.copy("tables/sessions.csv", "records.csv")
        alliance(*command.split())
    for name in WRITTEN:
        if Path(name).stat().st_size < 100:
            sys.exit(f"{name} is empty.")
    dashboard_answers()
    license_is_there()
    print(f"Python {sys.version.split()[0]}: {len(COMMANDS)} commands and the dashboard work.")  # noqa: T201


def alliance(*arguments: str) -> None:
    """Run the program; leave with what it said if it fails."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("alliance")), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"alliance {' '.join(arguments)} failed ({done.returncode}): {done.stderr}")


def compiled_code_is_there() -> None:
    """Leave if the wheel does not bring what machine code of the engine and of mixed models can be made of."""
    from experiments.inference.compilation import INFERENCE
    from simulation.engine.machine_code import CAN_STORE
    from simulation.engine.shipped import ENGINE, shipped_of_these_sources

    for sources, made_by in ((ENGINE, "simulation"), (INFERENCE, "experiments.inference")):
        if CAN_STORE and shipped_of_these_sources(sources) is None:
            sys.exit(
                f"The wheel brings no {sources.file}, or one of other sources: python -m {made_by}.shipping."
            )


def dashboard_answers() -> None:
    """Start the dashboard, wait until it is ready, end it."""
    server = subprocess.Popen(
        [str(Path(sys.executable).with_name("alliance")), "dashboard", "--no-open", "--port", str(PORT)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if server.poll() is not None:
                sys.exit(f"The dashboard ended by itself: {server.communicate()[1]}")
            try:
                with urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.3)
        sys.exit("The dashboard did not answer.")
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def license_is_there() -> None:
    """Leave if the wheel came without its licence."""
    files = distribution("alliance-dynamics").files or ()
    if not any(file.name == "LICENSE" for file in files):
        sys.exit("The wheel has no LICENSE.")


if __name__ == "__main__":
    main()
