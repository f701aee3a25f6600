"""The joint ensemble of a setting: parameter sets that its findings leave, and clinics drawn around them.

>>> from experiments.calibration import ensemble
>>> clinics = ensemble("university_counselling").draw(100, seed=1)  # doctest: +SKIP
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibration.base import base_of
from experiments.calibration.between_clinics import ClinicTrait, clinic_apart, clinic_traits
from simulation.errors import AllianceError, whole_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.calibration.result import Calibration
    from simulation.parameters import Parameters

    Array = NDArray[np.float64]

__all__ = ["BESIDE", "LEAST_SETS", "ClinicEnsemble", "ensemble", "ensembles_shipped", "parquet_of"]

LEAST_SETS = 39
"""Fewest sets that make an interval: of 39, the least and the most hold 95 % of one more, (39 - 1) / (39 + 1)."""

FOLDER = "ensembles"

BESIDE = "ensemble.parquet"
"""Name of the file that a calibration of one's own leaves beside its preset."""

MOST_DRAWN = 10**6


@dataclass(frozen=True, slots=True, eq=False)
class ClinicEnsemble:
    """Parameter sets that the findings of a setting leave, each as likely as another, and how clinics differ.

    It can be simulated in place of a setting: `simulation.simulate` then draws a clinic for every replicate.

    Attributes
    ----------
    preset
        Of which setting.
    base
        That setting: all that is not in `names` is taken from it.
    names
        The parameters that differ between the sets.
    values
        Their values, shape (sets, parameters).
    tried
        How many sets there were before those were left out that the findings rule out.
    traits
        What clinics around a set differ in; empty for one clinic's own data.
    """

    preset: str
    base: Parameters
    names: tuple[str, ...]
    values: Array
    tried: int
    traits: tuple[ClinicTrait, ...] = ()

    def __len__(self) -> int:
        """Return how many sets there are."""
        return len(self.values)

    @property
    def parameters(self) -> Parameters:
        """The setting itself, in the middle of the clinics."""
        return self.base

    @property
    def holds(self) -> str:
        """Say which uncertainties the clinics that are drawn hold."""
        sets = f"the {len(self)} of {self.tried} parameter sets that the findings leave"
        if not self.traits:
            return sets
        return f"{sets}, and how much clinics of one setting differ"

    @property
    def too_few(self) -> str:
        """Say that too few sets are left for an interval; empty if there are enough."""
        if len(self) >= LEAST_SETS:
            return ""
        return (
            f"The findings leave {len(self)} of {self.tried} parameter sets of {self.preset}, too few for an "
            f"interval of 95 %, which takes {LEAST_SETS}."
        )

    def replace(self, **values: Any) -> ClinicEnsemble:
        """Return it with some values of the setting changed, for all clinics alike.

        A parameter that differs between the sets has the new value in all of them, and clinics still differ in it.
        """
        kept = [place for place, name in enumerate(self.names) if name not in values]
        return replace(
            self,
            base=self.base.replace(**values),
            names=tuple(self.names[place] for place in kept),
            values=self.values[:, kept],
        )

    def sets(self) -> tuple[Parameters, ...]:
        """Return the parameter sets themselves, however few."""
        return tuple(self._setting(row, {}) for row in self.values)

    def draw(self, count: int, seed: int = 1) -> tuple[Parameters, ...]:
        """Draw clinics: a parameter set for each, and how this clinic differs from others of its setting.

        The first clinics of a longer draw are those of a shorter one. Two ensembles of as many sets that are drawn
        from with one seed differ in what they differ in, not in luck: draw both arms of a trial with the same seed.

        Parameters
        ----------
        count
            How many clinics. Every set is used as often as another, give or take once.
        seed
            Of the draws.

        Raises
        ------
        AllianceError
            If too few parameter sets are left (`LEAST_SETS`), or count or seed are no whole numbers.
        """
        count = whole_number("count", count, 1, MOST_DRAWN)
        seed = whole_number("seed", seed, 0, 2**64 - 1)
        if self.too_few:
            raise AllianceError(
                f"{self.too_few} Give more sets a chance: alliance calibrate --members 384."
            )
        of_sets, of_clinics = (np.random.default_rng([seed, stream]) for stream in (0, 1))
        rounds = -(-count // len(self))
        chosen = np.concatenate([of_sets.permutation(len(self)) for _ in range(rounds)])[:count]
        places = of_clinics.standard_normal((count, len(self.traits)))
        return tuple(
            self._setting(
                self.values[member],
                {trait.name: float(places[i, k]) for k, trait in enumerate(self.traits)},
            )
            for i, member in enumerate(chosen)
        )

    def _setting(self, row: Array, places: dict[str, float]) -> Parameters:
        middle = self.base.replace(**dict(zip(self.names, row.tolist(), strict=True)))
        return clinic_apart(middle, self.traits, places) if places else middle


def ensemble(preset: str | Path = "default") -> ClinicEnsemble:
    """Return the joint ensemble of a setting.

    Parameters
    ----------
    preset
        A calibrated setting, or the ``preset.toml`` that ``alliance calibrate --out`` wrote beside its ensemble.

    Raises
    ------
    AllianceError
        If the setting has none; says how to make one.
    """
    import polars as pl

    path = Path(preset)
    beside = path.parent / BESIDE
    if path.suffix == ".toml" and beside.exists():
        content = beside.read_bytes()
    elif str(preset) in ensembles_shipped():
        content = resources.files(__package__).joinpath(FOLDER, f"{preset}.parquet").read_bytes()
    else:
        base_of(str(preset))
        raise AllianceError(
            f"No ensemble of {preset} is there; those with one: {', '.join(ensembles_shipped())}. Make it with "
            f"alliance calibrate --preset {preset} --out DIR, then give --preset DIR/preset.toml."
        )
    try:
        frame = pl.read_parquet(io.BytesIO(content))
        about = pl.read_parquet_metadata(io.BytesIO(content))
        left = frame.filter("not_ruled_out").drop("not_ruled_out")
        tried, of_clinics = int(about["tried"]), about["between_clinics"] == "yes"
    except (pl.exceptions.PolarsError, KeyError, ValueError):
        raise AllianceError(
            f"{beside} is no ensemble of this version: make it again with alliance calibrate --out."
        ) from None
    return ClinicEnsemble(
        preset=str(preset),
        base=base_of(str(preset)),
        names=tuple(left.columns),
        values=left.to_numpy().astype(np.float64),
        tried=tried,
        traits=clinic_traits() if of_clinics else (),
    )


def ensembles_shipped() -> tuple[str, ...]:
    """Return the settings whose ensembles come with the package."""
    folder = resources.files(__package__).joinpath(FOLDER)
    names = (file.name for file in folder.iterdir()) if folder.is_dir() else ()
    return tuple(
        sorted(name.removesuffix(".parquet") for name in names if name.endswith(".parquet"))
    )


def parquet_of(
    calibration: Calibration, *, between_clinics: bool, seed: int, all_sets: bool = True
) -> bytes:
    """Return the ensemble of a calibration as a Parquet file: one row a parameter set.

    Parameters
    ----------
    calibration
        What was found.
    between_clinics
        Whether clinics of its setting differ; not those that are one clinic's data.
    seed
        Of its draws.
    all_sets
        Keep the sets that are ruled out, too, marked as such.
    """
    import polars as pl

    columns: dict[str, Any] = {"not_ruled_out": np.asarray(calibration.not_ruled_out)}
    for place, prior in enumerate(calibration.priors):
        columns[prior.name] = prior.value(calibration.places[:, place])
    frame = pl.DataFrame(columns)
    if not all_sets:
        frame = frame.filter("not_ruled_out")
    content = io.BytesIO()
    frame.write_parquet(
        content,
        metadata={
            "tried": str(len(calibration.places)),
            "between_clinics": "yes" if between_clinics else "no",
            "seed": str(seed),
            "notice": "Parameter sets of a simulation, each as likely as another where not_ruled_out is true.",
        },
    )
    return content.getvalue()
