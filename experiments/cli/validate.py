"""The command ``alliance validate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.cost import SECONDS_A_STUDIED_CLIENT, announce_cost
from experiments.cli.options import AsJson, Long, Overwrite, SimulatedStudies, ValidationSeed
from experiments.cli.output import FACTS_WIDTH, findings_progress, print_json, print_page
from experiments.cli.process import keep_freed_memory
from experiments.cli.usage_errors import refuse_alone
from experiments.validation.seeds import VALIDATION_SEED
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.calibration.predictive import Prediction
    from experiments.validation.nulls import Nulls
    from experiments.validation.stored_clinics import StoredClinics

__all__ = ["command"]

CLINICS = "clinics.txt"
"""The file of finished clinics in the folder of ``--out``."""


def command(
    preset: Annotated[
        str, typer.Option(metavar="P", help="A preset, or a TOML file with one.")
    ] = "default",
    as_json: AsJson = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with a forest plot.")
    ] = None,
    studies: SimulatedStudies = 200,
    clients: Annotated[int, typer.Option(metavar="N", help="Clients of one study.")] = 60,
    seed: ValidationSeed = VALIDATION_SEED,
    everything: Annotated[
        bool, typer.Option("--all", help="All settings that have findings of their own.")
    ] = False,
    nulls: Annotated[
        bool,
        typer.Option(
            "--nulls",
            help="Run the other models again, around this preset: random clinics, the closed one, rivals.",
        ),
    ] = False,
    ensemble: Annotated[
        bool,
        typer.Option(
            "--ensemble", help="Show what the parameter sets predict that the findings leave."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="With --nulls: keep every finished clinic there; resumes."
        ),
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="Print the counts alone.")] = False,
    overwrite: Overwrite = False,
    long: Long = False,
) -> None:
    """Compare a setting with published findings, and show what it misses."""
    from experiments.reports.validated_setting import ValidatedSetting
    from experiments.reports.validation_table import brief_page, validation_page
    from experiments.validation.validate import validate
    from simulation.files import check_output, write_output

    if html is None:
        refuse_alone("--html FILE", overwrite=overwrite)
    else:
        check_output(html, overwrite=overwrite)
    if not nulls:
        refuse_alone("--nulls", out=out)
    if out is not None:
        check_output(out / CLINICS, overwrite=True)
    keep_freed_memory()
    names = _names(preset, everything=everything)
    announce_cost(
        f"{len(names) * studies:,} studies of {clients:,} clients",
        len(names) * studies * clients,
        SECONDS_A_STUDIED_CLIENT,
        long=long,
    )
    found = []
    for name in names:
        prediction = _prediction(name, seed) if ensemble else None
        with findings_progress(name) as on_fact:
            validation = validate(
                name, studies=studies, clients_per_study=clients, seed=seed, on_fact=on_fact
            )
        found.append(
            ValidatedSetting(
                validation, _nulls(name, validation.setting, out, again=nulls), prediction
            )
        )
    if html is not None:
        from experiments.reports.validation import validation_document

        write_output(html, validation_document(found).encode(), overwrite=overwrite)
        typer.echo(f"Wrote {html}.", err=True)
    if as_json:
        print_json([entry for one in found for entry in one.to_dicts()])
    else:
        page = brief_page if brief else validation_page
        least = 0 if brief else FACTS_WIDTH
        print_page(*(part for one in found for part in page(one)), least_width=least)


def _nulls(name: str, setting: str, out: Path | None, *, again: bool) -> Nulls | None:
    """Return other models beside the findings of a preset: those stored, or run now around it."""
    from experiments.validation.nulls import run_nulls, stored_nulls

    if not again:
        return stored_nulls(setting)
    with findings_progress(f"{name}, other models", "clinics") as on_clinic:
        return run_nulls(name, stored=_stored(out), on_clinic=on_clinic)


def _stored(out: Path | None) -> StoredClinics | None:
    from experiments.evidence import load_facts
    from experiments.validation.stored_clinics import StoredClinics

    if out is None:
        return None
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AllianceError(f"{out} cannot be written: {error.strerror}.") from None
    return StoredClinics(out / CLINICS, repr(load_facts()))


def _prediction(name: str, seed: int) -> Prediction:
    """Return what the ensemble of a preset predicts."""
    from experiments.calibration import ensemble
    from experiments.calibration.predictive import predict

    with findings_progress(f"{name}, ensemble", "clinics") as on_clinic:
        return predict(ensemble(name), seed=seed, on_clinic=on_clinic)


def _names(preset: str, *, everything: bool) -> tuple[str, ...]:
    from experiments.evidence.facts_by_setting import DEFAULT, settings_with_facts

    if not everything:
        return (preset,)
    if preset != DEFAULT:
        raise AllianceError(f"Give either --preset {preset} or --all, not both.")
    return settings_with_facts()
