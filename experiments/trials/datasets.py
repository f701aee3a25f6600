"""Data of single trials for other programs, to try an analysis on before the trial; the truth is a file beside."""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.trials.clinics import differing_values
from experiments.trials.codebook import codebook, r_script, variables
from experiments.trials.observing import WHY_MISSING
from experiments.trials.table import long_table
from simulation.clinic import STATUSES
from simulation.errors import AllianceError, unknown_name
from simulation.files import write_output

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import polars as pl

    from experiments.trials.observing import SimulatedTrials
    from experiments.trials.trial_design import TrialDesign

__all__ = [
    "FORMATS",
    "LABEL",
    "check_formats",
    "clinics_frame",
    "long_frame",
    "truth_frame",
    "wide_frame",
    "write_dataset",
]

FORMATS = ("csv", "sav", "r")
"""Forms that data can be written in; ``r`` is a script that reads the CSV."""

LABEL = "simulated, not real people"
"""What a file says of itself where it can."""

CREATED = slice(92, 109)
"""Where an SPSS file says when it was written, which would make equal data unequal files."""


def check_formats(formats: Collection[str]) -> tuple[str, ...]:
    """Return formats that can be written here; R needs the CSV that its script reads.

    Raises
    ------
    AllianceError
        For one that does not exist, or that needs what is not installed.
    """
    for one in formats:
        if one not in FORMATS:
            raise unknown_name(one, "a format of data", FORMATS, see="Give csv, sav or r.")
    if "sav" in formats:
        try:
            import_module("pyreadstat")
        except ImportError:
            raise AllianceError(
                "A .sav file needs pyreadstat, which is not installed: pip install 'alliance-dynamics[data]'."
            ) from None
    return tuple(one for one in FORMATS if one in formats or (one == "csv" and "r" in formats))


def write_dataset(
    folder: Path,
    design: TrialDesign,
    simulated: SimulatedTrials,
    *,
    null: bool = False,
    formats: Collection[str] = FORMATS,
    overwrite: bool = False,
) -> None:
    """Write the data of one trial into a folder; the codebook says if it is one without an effect (`null`).

    ``data.csv`` and ``data.sav`` have a row for each client, ``data_long.csv`` and ``data_long.sav`` one for each
    client and week; ``read.R`` reads both CSV files; ``codebook.md`` says what is what. What no researcher would have
    is in ``truth.csv`` alone, and in ``truth_clinics.csv`` where clinics differ. A file that is there with the same
    content stays.

    Raises
    ------
    AllianceError
        If a file cannot be written, or is there with another content and `overwrite` is not set.
    """
    if len(simulated.trials) != 1:
        raise AllianceError("A data set is of one trial: give one.")
    contents = dict(_files(design, simulated, check_formats(formats), null=null))
    for name, content in contents.items():
        path = folder / name
        if not (path.is_file() and path.read_bytes() == content):
            write_output(path, content, overwrite=overwrite)


def _files(
    design: TrialDesign, simulated: SimulatedTrials, formats: tuple[str, ...], *, null: bool
) -> Iterator[tuple[str, bytes]]:
    tables = {"data": wide_frame(design, simulated), "data_long": long_frame(design, simulated)}
    for name, frame in tables.items():
        if "csv" in formats:
            yield f"{name}.csv", _with_words(design, frame).write_csv().encode()
        if "sav" in formats:
            yield f"{name}.sav", _spss(design, frame)
    if "r" in formats:
        yield "read.R", r_script(design).encode()
    yield "codebook.md", codebook(design, simulated.trials[0] + 1, null=null).encode()
    yield "truth.csv", truth_frame(design, simulated).write_csv().encode()
    clinics = clinics_frame(design, simulated.trials)
    if clinics.width > 1:
        yield "truth_clinics.csv", clinics.write_csv().encode()


def _people(simulated: SimulatedTrials) -> dict[str, Any]:
    """Return the numbers of people and clinics, from 1; a missing therapist is null."""
    import polars as pl

    table = simulated.table
    therapist = pl.Series(table.therapist + 1)
    return {
        "client": table.client + 1,
        "therapist": therapist.set(therapist == 0, None),
        "clinic": table.clinic + 1,
        "arm": table.arm,
    }


def wide_frame(design: TrialDesign, simulated: SimulatedTrials) -> pl.DataFrame:
    """Return one row a client, arms as numbers, missing scores as nulls."""
    import polars as pl

    table, outcome = simulated.table, design.outcome
    frame = pl.DataFrame(
        {
            **_people(simulated),
            outcome.covariate: table.base,
            **{
                f"{outcome.instrument}_w{week}": table.scores[:, place]
                for place, week in enumerate(outcome.after_intake)
            },
            "sessions": table.session,
            "dropped_out": table.event,
        }
    )
    return frame.fill_nan(None)


def long_frame(design: TrialDesign, simulated: SimulatedTrials) -> pl.DataFrame:
    """Return one row a client and week of assessment after intake, missing scores as nulls."""
    import polars as pl

    outcome = design.outcome
    long = long_table(simulated.table, outcome.after_intake)
    people = pl.DataFrame(_people(simulated))
    repeated = people[np.repeat(np.arange(people.height), len(outcome.after_intake))]
    return repeated.with_columns(
        pl.Series(outcome.covariate, long.base),
        pl.Series("week", long.time.astype(np.int64)),
        pl.Series(outcome.instrument, long.score).fill_nan(None),
    )


def truth_frame(design: TrialDesign, simulated: SimulatedTrials) -> pl.DataFrame:
    """Return what a researcher would not have.

    Client, arm, primary score that the estimand asks for under each arm, what the other arms would have changed, how
    the therapy ended, and why scores are missing.
    """
    import polars as pl

    arms = list(design.arms)
    truth = simulated.truth
    return pl.DataFrame(
        {
            "client": simulated.table.client + 1,
            "arm": np.array(arms)[simulated.table.arm],
            **{f"score_{arm}": truth[:, place] for place, arm in enumerate(arms)},
            **{
                f"effect_{arm}": truth[:, place] - truth[:, 0]
                for place, arm in enumerate(arms)
                if place
            },
            "status": np.array(STATUSES)[simulated.status],
            **{
                f"why_missing_w{week}": np.array(WHY_MISSING)[simulated.why[:, place]]
                for place, week in enumerate(design.outcome.after_intake)
            },
        }
    )


def clinics_frame(design: TrialDesign, trials: range) -> pl.DataFrame:
    """Return a row for each clinic of one trial, with the parameters that clinics differ in; under the first arm."""
    import polars as pl

    first = design.first_with_therapists
    fixed = design.changes_of(first)
    values = differing_values(design, design.parameters_of(first), trials, fixed)
    return pl.DataFrame({"clinic": np.arange(1, design.design.clinics + 1), **values})


def _with_words(design: TrialDesign, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with the names of arms."""
    import polars as pl

    names = np.array(list(design.arms))[frame["arm"].to_numpy()]
    return frame.with_columns(pl.Series("arm", names))


def _spss(design: TrialDesign, frame: pl.DataFrame) -> bytes:
    """Return an SPSS file with labels, in which arms are labelled numbers and missing scores system-missing."""
    import polars as pl
    import polars.selectors as cs
    import pyreadstat

    labels = variables(design)
    values: Mapping[str, Any] = {
        "arm": dict(enumerate(design.arms)),
        "dropped_out": {0: "not known to have", 1: "dropped out"},
    }
    plain = frame.with_columns(cs.numeric().cast(pl.Float64))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.sav"
        pyreadstat.write_sav(
            plain,
            str(path),
            file_label=LABEL,
            column_labels=[labels[name] for name in plain.columns],
            variable_value_labels={name: values[name] for name in values if name in plain.columns},
        )
        content = bytearray(path.read_bytes())
    content[CREATED] = b"01 Jan 7000:00:00"
    return bytes(content)
