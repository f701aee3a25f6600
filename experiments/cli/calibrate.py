"""The command ``alliance calibrate``."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from experiments.calibration import Calibration, Targets

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(calibrate)


def calibrate(
    preset: Annotated[
        str,
        typer.Option(metavar="P", help="The setting to calibrate; default: the default clinic."),
    ] = "default",
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Fit to your own session records (CSV or Parquet) instead."
        ),
    ] = None,
    parameters: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,...", help="Parameters to move; default: those that are calibrated."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Keep every step, the ensemble and the preset there; resumes."
        ),
    ] = None,
    members: Annotated[int, typer.Option(min=8, help="Parameter sets in the ensemble.")] = 96,
    steps: Annotated[int, typer.Option(min=1, help="How often the ensemble is moved.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the ensemble.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Fit parameters to the facts that may be fitted, or to your own data."""
    from experiments.calibration import calibrate as fit
    from experiments.calibration import priors_for, targets_for
    from experiments.calibration.settings import SETTING_PARAMETERS, base_of

    base = base_of(preset)
    if data is not None:
        from experiments.calibration.own_data import targets_from_data

        targets = targets_from_data(data)
    else:
        targets = targets_for(preset)
    names: tuple[str, ...] | None = (
        None if preset == "default" and data is None else SETTING_PARAMETERS
    )
    if parameters is not None:
        names = tuple(name.strip() for name in parameters.split(","))
    priors = priors_for(base, names)
    calibration = fit(
        base,
        priors,
        targets,
        seed=seed,
        members=members,
        steps=steps,
        directory=out,
        progress=_progress(),
    )
    if out is not None:
        _write(out, calibration, preset)
    if as_json:
        typer.echo(json.dumps(_as_json(calibration, targets), indent=2))
    else:
        _print(calibration, targets, out)


def _progress() -> Any:
    import sys
    import time

    began = time.monotonic()

    def tell(done: int, of: int) -> None:
        if done % max(1, of // 50) and done != of:
            return
        left = (time.monotonic() - began) / done * (of - done)
        line = f"{done} of {of} simulations, about {left:.0f} s left"
        typer.echo(
            f"\r{line:60}" if sys.stderr.isatty() else line, err=True, nl=not sys.stderr.isatty()
        )

    return tell


def _as_json(calibration: Calibration, targets: Targets) -> dict[str, Any]:
    best = calibration.best
    inside = targets.inside(calibration.statistics)
    return {
        "members": len(calibration.places),
        "not_ruled_out": int(calibration.kept.sum()),
        "values": calibration.values(best),
        "intervals": calibration.intervals(),
        "identifiability": calibration.identifiability(),
        "targets": [
            {
                "id": target.id,
                "low": target.low,
                "high": target.high,
                "simulated": float(calibration.statistics[best, place]),
                "inside": bool(inside[best, place]),
                "members_inside": float(inside[:, place].mean()),
            }
            for place, target in enumerate(targets.rows)
        ],
    }


def _write(out: Path, calibration: Calibration, preset: str) -> None:
    import io

    import numpy as np
    import polars as pl

    from simulation.files import write_whole

    lines = [
        f'title = "{preset}, calibrated"',
        f'description = "Made by alliance calibrate from {preset}."',
        "",
        "[parameters]",
    ]
    values = {**calibration.base.changed(), **calibration.values(calibration.best)}
    for name, value in values.items():
        lines.append(f"{name} = {json.dumps(value)}")
    write_whole(out / "preset.toml", ("\n".join(lines) + "\n").encode())
    columns = {
        prior.name: prior.value(calibration.places[:, i])
        for i, prior in enumerate(calibration.priors)
    }
    frame = pl.DataFrame({"not_ruled_out": np.asarray(calibration.kept), **columns})
    content = io.BytesIO()
    frame.write_parquet(content)
    write_whole(out / "ensemble.parquet", content.getvalue())


def _print(calibration: Calibration, targets: Targets, out: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    told = _as_json(calibration, targets)
    facts = Table(title="The best set against its targets", title_justify="left")
    for column in ("target", "range", "simulated", "inside", "of all sets"):
        facts.add_column(column, justify="left" if column == "target" else "right")
    for row in told["targets"]:
        facts.add_row(
            row["id"],
            f"{row['low']:.3g} to {row['high']:.3g}",
            f"{row['simulated']:.3g}",
            "yes" if row["inside"] else "NO",
            f"{row['members_inside']:.0%}",
        )
    console.print(facts)
    moved = Table(title="Parameters", title_justify="left")
    for column in ("parameter", "was", "is", "95 % of sets not ruled out", "pinned down"):
        moved.add_column(column, justify="left" if column == "parameter" else "right")
    for name, value in told["values"].items():
        low, high = told["intervals"][name]
        share = told["identifiability"][name]
        moved.add_row(
            name,
            f"{getattr(calibration.base, name):.4g}",
            f"{value:.4g}",
            f"{low:.3g} to {high:.3g}",
            f"{share:.0%}" if share >= 0.2 else f"{share:.0%}, not by these facts",
        )
    console.print(moved)
    if told["not_ruled_out"]:
        console.print(
            f"{told['not_ruled_out']} of {told['members']} parameter sets are not ruled out: they reproduce "
            "the targets about equally well, and what they predict differs. Use all of them to say how sure a "
            "prediction is."
        )
    else:
        console.print(
            f"All {told['members']} parameter sets are ruled out: moving these parameters alone does not meet "
            "the targets. Let more of them move (--parameters), or look at the targets marked NO."
        )
    if out is not None:
        console.print(f"Use it: alliance run --preset {out / 'preset.toml'}")
