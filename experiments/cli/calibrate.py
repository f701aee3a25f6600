"""The command ``alliance calibrate``."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.cost import SECONDS_A_CALIBRATION_MEMBER, announce_cost
from experiments.cli.options import MOST_SEED, AsJson, Long, read_names
from experiments.cli.output import print_json, print_page
from experiments.cli.process import keep_freed_memory
from experiments.cli.record_options import NOTHING_SAID, RecordOptions, with_record_options
from experiments.cli.record_progress import records_progress
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.calibration import Calibration

__all__ = ["command"]

PRESET = "preset.toml"
"""The file of the calibrated setting in the folder of ``--out``."""

A_LINE = 1.0
"""Seconds between two lines of progress, at the least, where they do not replace each other."""


@with_record_options
def command(
    preset: Annotated[
        str,
        typer.Option(metavar="P", help="The setting to calibrate; default: the default clinic."),
    ] = "default",
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Fit to your own session records, of any form that describe reads; the next options say how.",
        ),
    ] = None,
    reading: RecordOptions = NOTHING_SAID,
    parameters: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,...", help="Parameters to move; default: those that are calibrated."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Store every step, the ensemble and the preset there; resumes."
        ),
    ] = None,
    members: Annotated[int, typer.Option(min=8, help="Parameter sets in the ensemble.")] = 192,
    steps: Annotated[int, typer.Option(min=1, help="How often the ensemble is moved.")] = 8,
    seed: Annotated[int, typer.Option(min=0, max=MOST_SEED, help="Seed of the ensemble.")] = 1,
    long: Long = False,
    as_json: AsJson = False,
) -> None:
    """Fit parameters to the facts that may be fitted, or to your own data."""
    from experiments.calibration import Ensemble, calibrate, priors_for, targets_for
    from experiments.calibration.base import base_of
    from experiments.calibration.settings import SETTING_PARAMETERS, moving_in
    from experiments.store.claims import check_folder
    from simulation.files import check_output

    keep_freed_memory()
    announce_cost(
        f"{(steps + 1) * members:,} simulations",
        (steps + 1) * members,
        SECONDS_A_CALIBRATION_MEMBER,
        long=long,
    )
    given = reading.given()
    if given and data is None:
        raise AllianceError(f"{given[0]} says how records are read: give them with --data FILE.")
    base = base_of(preset)
    names: tuple[str, ...] = SETTING_PARAMETERS if data is not None else moving_in(preset)
    if parameters is not None:
        names = read_names(parameters, "--parameters")
    priors = priors_for(base, names)
    if out is not None:
        check_folder(out)
        check_output(out / PRESET, overwrite=True)
    if data is not None:
        from experiments.calibration.real_data import targets_from_records
        from experiments.records.description import read_lines

        with records_progress(data) as step:
            records = reading.read(data)
            typer.echo("\n".join(read_lines(records)), err=True)
            targets = targets_from_records(records, on_statistic=partial(step, "statistics"))
    else:
        targets = targets_for(preset)
    calibration = calibrate(
        base,
        priors,
        targets,
        Ensemble(members=members, steps=steps, seed=seed),
        directory=out,
        progress=_progress(),
    )
    written = None
    if out is not None:
        written = _write(out, calibration, preset, seed, one_clinic=data is not None)
    if as_json:
        print_json(calibration.to_dict())
    else:
        from experiments.reports.calibration import calibration_page

        print_page(*calibration_page(calibration, written))


def _progress() -> Any:
    import sys
    import time

    began = last = time.monotonic()

    def report(done: int, of: int) -> None:
        nonlocal last
        shown, now = sys.stderr.isatty(), time.monotonic()
        due = done % max(1, of // 50) == 0 and (shown or now - last >= A_LINE)
        if not due and done != of:
            return
        last = now
        left = (now - began) / done * (of - done)
        line = f"{done} of {of} simulations, about {left:.0f} s left"
        typer.echo(f"\r{line:60}" if shown else line, err=True, nl=not shown or done == of)

    return report


def _write(
    out: Path, calibration: Calibration, preset: str, seed: int, *, one_clinic: bool
) -> Path:
    """Write the calibrated preset and the ensemble; return the path of the preset."""
    from experiments.calibration.clinic_ensembles import BESIDE, parquet_of
    from simulation.dyads.catalogue import name_of
    from simulation.files import write_whole

    dyad = name_of(type(calibration.base))
    lines = [
        f'title = "{preset}, calibrated"',
        f'description = "Made by alliance calibrate from {preset}."',
        *([f"dyad = {json.dumps(dyad)}"] if dyad else []),
        "",
        "[parameters]",
    ]
    values = {**calibration.base.changed(), **calibration.values(calibration.best)}
    for name, value in values.items():
        lines.append(f"{name} = {json.dumps(value)}")
    write_whole(out / PRESET, ("\n".join(lines) + "\n").encode())
    write_whole(out / BESIDE, parquet_of(calibration, between_clinics=not one_clinic, seed=seed))
    return out / PRESET
