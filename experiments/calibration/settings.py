"""Calibrating the presets that are shipped: their joint ensembles, and the record of how their values came about.

``python -m experiments.calibration.settings [SETTING ...]`` calibrates the settings named, or all, and writes the
joint ensemble of each into ``ensembles``. With ``--values`` it also chooses a setting's values anew and writes them
into the presets, the table of parameters and ``calibrated.json``. The values that are shipped now were chosen before
the priors were fixed, by a calibration that looked around the values then held.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.calibration.base import base_of
from experiments.calibration.clinic_ensembles import FOLDER, parquet_of
from experiments.calibration.fitting import calibrate
from experiments.calibration.priors import moving_names, priors_for
from experiments.calibration.simulating import simulated_statistics, study_size
from experiments.calibration.smoothing import STANDARD, Ensemble
from experiments.calibration.targets import targets_for
from experiments.evidence.facts_by_setting import DEFAULT
from experiments.validation.seeds import FITTING_SEED
from simulation.errors import AllianceError
from simulation.files import write_whole
from simulation.presets import all_presets, find_preset

if TYPE_CHECKING:
    from experiments.calibration.result import Calibration
    from experiments.calibration.targets import Targets

__all__ = [
    "SETTING_PARAMETERS",
    "calibrate_setting",
    "calibrated_settings",
    "moving_in",
    "recorded",
    "write_values",
]

SETTING_PARAMETERS = (
    "good_enough",
    "responsiveness",
    "empathy_spread",
    "collaboration_spread",
    "start_base",
    "common_change",
    "alliance_effect",
    "dropout_first",
    "dropout_later",
    "planned_exit",
)
"""What may differ between settings; all else they share with the default clinic."""

NOT_FITTED = ("medical_follow_up",)
"""Models adherence and satisfaction in medical care, for which no fact of psychotherapy is a target."""

RECORD = "calibrated.json"


def moving_in(setting: str) -> tuple[str, ...]:
    """Return what moves when a setting is calibrated: not what its preset sets by hand, for that is the setting."""
    base = base_of(setting)
    by_hand = set() if setting == DEFAULT or base.own else set(find_preset(setting).parameters)
    rows = type(base).rows
    return tuple(
        name
        for name in moving_names(base)
        if not (name in by_hand and rows[name].status != "calibrated")
    )


def calibrate_setting(
    setting: str, ensemble: Ensemble = STANDARD, targets: Targets | None = None
) -> Calibration:
    """Calibrate a setting to its findings, or to some of them."""
    base = base_of(setting)
    return calibrate(
        base, priors_for(base, moving_in(setting)), targets or targets_for(setting), ensemble
    )


def recorded() -> dict[str, Any]:
    """Return how each shipped setting came about: its values and the statistics they gave."""
    text = resources.files(__package__).joinpath(RECORD).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def record_of(calibration: Calibration, targets: Targets, seed: int) -> dict[str, Any]:
    """Return what is stored of a calibration: the values it chose, and what they gave."""
    values = calibration.values(calibration.best)
    chosen = study_size(calibration.base.replace(**values))
    statistics = simulated_statistics(chosen, targets)
    return {
        "seed": seed,
        "fitting_seed": FITTING_SEED,
        "values": values,
        "statistics": {
            target.id: float(f"{value:.6g}")
            for target, value in zip(targets.rows, statistics, strict=True)
        },
    }


def write_values(path: Path, values: dict[str, float]) -> None:
    """Write values into a preset's file or a module of the table of parameters, changing nothing else.

    Raises
    ------
    AllianceError
        If the file does not hold one of them and is no preset to add it to.
    """
    text = path.read_text("utf-8")
    for name, value in values.items():
        if path.suffix == ".py":
            pattern = rf"(\n    {name}: float = number\(\s*)(-?[\d.e-]+)"
        else:
            pattern = rf"(\n{name} = )(-?[\d.e-]+)"
        text, count = re.subn(pattern, rf"\g<1>{value!r}", text)
        if count == 0 and path.suffix == ".py":
            raise AllianceError(f"{path} declares no parameter {name}.")
        if count == 0:
            text = text.rstrip("\n") + f"\n{name} = {value!r}\n"
    write_whole(path, text.encode())


def ship(setting: str, seed: int = 1, *, values: bool = False) -> None:
    """Calibrate a setting and write its ensemble where it is shipped from; and its values, where asked for."""
    calibration = calibrate_setting(setting, Ensemble(seed=seed))
    package = Path(str(resources.files("experiments"))) / "calibration"
    (package / FOLDER).mkdir(exist_ok=True)
    content = parquet_of(calibration, between_clinics=True, seed=seed, all_sets=False)
    write_whole(package / FOLDER / f"{setting}.parquet", content)
    if values:
        _ship_values(setting, calibration, seed, package / RECORD)
    inside = calibration.targets.inside(calibration.statistics[calibration.best])
    sys.stdout.write(
        f"{setting}: {int(inside.sum())} of {len(inside)} targets inside, "
        f"{int(calibration.not_ruled_out.sum())} of {len(calibration.places)} sets not ruled out\n"
    )
    sys.stdout.flush()


def _ship_values(setting: str, calibration: Calibration, seed: int, file: Path) -> None:
    record = record_of(calibration, calibration.targets, seed)
    package = Path(str(resources.files("simulation")))
    if setting == DEFAULT:
        for module in sorted((package / "parameters").glob("*.py")):
            text = module.read_text("utf-8")
            here = {n: v for n, v in record["values"].items() if f"\n    {n}: float" in text}
            if here:
                write_values(module, here)
    else:
        kind = find_preset(setting).kind
        folder = {"setting": "settings", "mechanism": "mechanisms"}[kind]
        write_values(package / "presets" / folder / f"{setting}.toml", record["values"])
    records = json.loads(file.read_text("utf-8")) if file.exists() else {}
    records[setting] = record
    write_whole(file, f"{json.dumps(records, indent=1)}\n".encode())


def calibrated_settings() -> list[str]:
    """Return the settings that are calibrated, the default clinic first."""
    presets = (one.name for one in all_presets() if one.kind == "setting")
    return [DEFAULT, *(name for name in presets if name not in NOT_FITTED)]


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--values"]
    for chosen in given or calibrated_settings():
        ship(chosen, values="--values" in sys.argv)
