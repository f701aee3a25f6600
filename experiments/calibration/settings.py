"""Calibrating the presets that are shipped, and the record that says how each came about.

``python -m experiments.calibration.settings [SETTING ...]`` calibrates the default clinic (its values are the
defaults of the table of parameters) or the settings named, and writes the presets and ``calibrated.json``.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.calibration.ensemble import STANDARD, Ensemble
from experiments.calibration.fitting import calibrate
from experiments.calibration.priors import priors_for
from experiments.calibration.simulating import simulated_statistics, study_size
from experiments.calibration.targets import targets_for
from experiments.evidence.facts_by_setting import DEFAULT
from experiments.validation.seeds import FITTING_SEED
from simulation.errors import AllianceError
from simulation.files import write_whole
from simulation.parameters import Parameters
from simulation.presets import all_presets, find_preset, preset

if TYPE_CHECKING:
    from experiments.calibration.result import Calibration
    from experiments.calibration.targets import Targets

__all__ = [
    "SETTING_PARAMETERS",
    "calibrate_setting",
    "calibrated_settings",
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


def base_of(setting: str) -> Parameters:
    """Return the setting as it stands; `DEFAULT` is the default clinic.

    Raises
    ------
    AllianceError
        If there is no such preset.
    """
    return Parameters() if setting == DEFAULT else preset(setting)


def calibrate_setting(setting: str, ensemble: Ensemble = STANDARD) -> Calibration:
    base = base_of(setting)
    names = None if setting == DEFAULT else SETTING_PARAMETERS
    return calibrate(base, priors_for(base, names), targets_for(setting), ensemble)


def recorded() -> dict[str, Any]:
    """Return how each shipped setting came about: its values and the statistics they gave."""
    text = resources.files(__package__).joinpath(RECORD).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def record_of(calibration: Calibration, targets: Targets, seed: int) -> dict[str, Any]:
    """Return what is stored of a calibration: the values it chose, and how sure it is of each."""
    values = calibration.values(calibration.best)
    chosen = study_size(calibration.base.replace(**values))
    statistics = simulated_statistics(chosen, targets)
    identifiability = calibration.identifiability()
    intervals = calibration.intervals()
    return {
        "seed": seed,
        "fitting_seed": FITTING_SEED,
        "members": len(calibration.places),
        "not_ruled_out": int(calibration.not_ruled_out.sum()),
        "values": values,
        "intervals": {n: [float(f"{v:.4g}") for v in pair] for n, pair in intervals.items()},
        "identifiability": {name: round(value, 2) for name, value in identifiability.items()},
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


def ship(setting: str, seed: int = 1) -> None:
    """Calibrate a setting and write its values where they are shipped from."""
    calibration = calibrate_setting(setting, Ensemble(seed=seed))
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
    file = Path(str(resources.files("experiments"))) / "calibration" / RECORD
    records = json.loads(file.read_text("utf-8")) if file.exists() else {}
    records[setting] = record
    write_whole(file, f"{json.dumps(records, indent=1)}\n".encode())
    inside = calibration.targets.inside(calibration.statistics[calibration.best])
    print(  # noqa: T201
        f"{setting}: {int(inside.sum())} of {len(inside)} targets inside, "
        f"{record['not_ruled_out']} of {record['members']} sets not ruled out"
    )


def calibrated_settings() -> list[str]:
    return [
        one.name for one in all_presets() if one.kind == "setting" and one.name not in NOT_FITTED
    ]


if __name__ == "__main__":
    settings = calibrated_settings()
    for chosen in sys.argv[1:] or settings:
        ship(chosen)
