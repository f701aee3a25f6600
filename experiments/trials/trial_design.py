"""The design of a trial as one frozen value that checks itself: what its TOML file says."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from experiments.design.toml_text import to_toml
from experiments.design.value import Scalar, StudyError, Value
from experiments.inference.trial_rows import MOST_ARMS
from experiments.trials.arms import Arm, checked_settings
from experiments.trials.design import Allotment
from experiments.trials.outcome import Estimand, Missing, Outcome
from experiments.trials.parameter_sets import sets_of_preset
from simulation.dyads.endings import usual_ending
from simulation.input_files import MEBIBYTE, parse_toml, read_text
from simulation.presets import find_preset, layered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from experiments.calibration.clinic_ensembles import ClinicEnsemble
    from simulation.parameters import Parameters

__all__ = ["TrialDesign", "shares"]


def _joined(given: Any) -> Any:
    return "+".join(map(str, given)) if isinstance(given, list | tuple) else given


class TrialDesign(Value):
    """Everything that is decided before a trial begins.

    Attributes
    ----------
    name
        For people; it does not change a result.
    preset
        The setting in which the trial takes place; None is the default clinic. Several are layered on each other.
    settings
        Parameters that differ from the preset in all arms.
    ensemble
        Run each trial with another of the parameter sets that the findings of the preset leave, in clinics drawn
        around it, instead of with the preset itself; what settings, policies and arms set is so in all of them.
    seed
        Of the simulation.
    arms
        Name to arm, two to six; the others are compared with the first.
    design, outcome, estimand, missing
        See `experiments.trials.design` and `experiments.trials.outcome`.
    analysis
        Each with its ``kind`` and options, as `experiments.inference.analysis` takes them; the first is the primary
        one. If left out, see `analyses`.

    Raises
    ------
    StudyError
        For anything that cannot be run as written.
    """

    name: str = "trial"
    preset: Annotated[str | None, BeforeValidator(_joined)] = None
    settings: dict[str, Scalar] = Field(default_factory=dict)
    ensemble: bool = False
    seed: int = Field(default=1, ge=0, lt=2**64)
    arms: dict[str, Arm]
    design: Allotment = Allotment()
    outcome: Outcome = Outcome()
    estimand: Estimand = Estimand()
    missing: Missing = Missing()
    analysis: tuple[dict[str, Any], ...] = ()

    @field_validator("settings")
    @classmethod
    def _not_of_the_design(cls, settings: dict[str, Scalar]) -> dict[str, Scalar]:
        return checked_settings(settings)

    @field_validator("arms")
    @classmethod
    def _can_be_compared(cls, arms: dict[str, Arm]) -> dict[str, Arm]:
        if not 2 <= len(arms) <= MOST_ARMS:
            raise StudyError(
                f"A trial has 2 to {MOST_ARMS} arms, and this one {len(arms)}: write each below [arms.NAME]."
            )
        first = next(iter(arms))
        if arms[first].effect is not None:
            raise StudyError(
                f"arms.{first} is what the others are compared with: give the effect to another arm."
            )
        if all(arm.therapists == 0 for arm in arms.values()):
            raise StudyError("No arm has therapists: leave out therapists = 0 of one at least.")
        return arms

    @model_validator(mode="after")
    def _is_a_trial(self) -> Self:
        self._check_allocation()
        self._check_therapists()
        self._check_ending()
        self._check_ensemble()
        for name in self.arms:
            setting = self.parameters_of(name)
            effect = self.arms[name].effect
            if effect is not None and effect.by not in type(setting).rows:
                raise StudyError(
                    f"arms.{name}: {effect.by} is a parameter of another model of the dyad than this preset's: name "
                    "one of its own."
                )
        return self

    def _check_ending(self) -> None:
        """Refuse to ask for a world without endings where a model of the dyad ends therapies by a rule of its own."""
        dyad = self.base_parameters().dyad
        asked = [name for name, how in self.estimand.model_dump().items() if how == "hypothetical"]
        if dyad is not None and dyad.ending is not usual_ending and asked:
            raise StudyError(
                f'{asked[0]} = "hypothetical" asks for a world that preset = {self.preset} does not have, for it ends'
                ' therapies by a rule of its own: take "treatment_policy" or "while_on_treatment".'
            )

    def _check_ensemble(self) -> None:
        if self.ensemble and self.preset and "+" in self.preset:
            raise StudyError(
                f"ensemble = true does not go with two presets ({self.preset}): name one, and set the rest in "
                "[settings]."
            )
        known = self.parameter_sets
        if known is not None and known.too_few:
            raise StudyError(known.too_few)

    def _check_allocation(self) -> None:
        given = self.design.allocation
        if given and len(given) != len(self.arms):
            raise StudyError(
                f"allocation = {list(given)} has {len(given)} numbers for {len(self.arms)} arms: give each arm one."
            )
        if self.block % sum(self.allocation):
            raise StudyError(
                f"blocks = {self.block} cannot be filled as allocation = {list(self.allocation)} says: give a "
                f"multiple of {sum(self.allocation)}."
            )

    def _check_therapists(self) -> None:
        design = self.design
        without = [name for name, arm in self.arms.items() if arm.therapists == 0]
        if without and design.randomise != "client":
            raise StudyError(
                f'randomise = "{design.randomise}" puts therapists into arms, and arms.{without[0]} has none: take '
                'randomise = "client".'
            )
        if design.randomise == "clinic":
            if min(shares(design.clinics, self.allocation)) < 2:
                raise StudyError(
                    f"clinics = {design.clinics} for {len(self.arms)} arms: the effect of an arm cannot be told from "
                    f"that of its only clinic, so give at least {2 * len(self.arms)}."
                )
            return
        if design.therapists_in_arms == "crossed":
            if any(arm.therapists for arm in self.arms.values()):
                raise StudyError(
                    "Crossed therapists have clients of all arms: leave out therapists of the arms."
                )
            return
        for name, count in zip(self.arms, self.therapists_of_arms, strict=True):
            if name not in without and count * design.clinics < 2:
                raise StudyError(
                    f"arms.{name} has {count * design.clinics} of {design.therapists} therapists: the effect of the "
                    "arm cannot be told from that of its only therapist, so give each arm two or more."
                )
            if name not in without and not count:
                raise StudyError(f"arms.{name} has no therapist in some clinics: give more.")

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a design from a TOML file.

        Raises
        ------
        AllianceError
            If the file cannot be read, or is no design of a trial.
        """
        return cls(**parse_toml(read_text(path, called="The trial", most=MEBIBYTE), str(path)))

    def to_toml(self) -> str:
        """Write the design as TOML; read again, it gives the same value."""
        return to_toml(self.model_dump())

    def identity(self) -> dict[str, Any]:
        """Return what the data depend on: everything but words for people and analyses."""
        values: dict[str, Any] = json.loads(self.model_dump_json(exclude={"name", "analysis"}))
        return {key: value for key, value in values.items() if value is not None}

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what the data depend on, in hexadecimal."""
        canonical = json.dumps(self.identity(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def analyses(self) -> tuple[dict[str, Any], ...]:
        """What is analysed: if nothing is said, a mixed model with Kenward-Roger's df, and one without therapists.

        Clinics that are randomised are in the mixed model, too, and alone where each has but one therapist.
        """
        partial = any(arm.therapists == 0 for arm in self.arms.values())
        random = ["therapist_in_arm" if partial else "therapist"]
        if self.design.randomise == "clinic":
            random = ["clinic", *(random if self.design.therapists > self.design.clinics else [])]
        model = {"kind": "lmm", "random": random, "df": "kenward_roger"}
        return self.analysis or (model, {"kind": "ancova"})

    @property
    def allocation(self) -> tuple[int, ...]:
        """How many clients of each arm for how many of the others."""
        return self.design.allocation or (1,) * len(self.arms)

    @property
    def block(self) -> int:
        """Clients in a permuted block."""
        return self.design.blocks or 2 * sum(self.allocation)

    @property
    def therapists_of_arms(self) -> tuple[int, ...]:
        """How many therapists of each clinic an arm has where they are nested; 0 where it has none."""
        clinics = self.design.clinics
        given = [arm.therapists for arm in self.arms.values()]
        if any((count or 0) % clinics for count in given):
            raise StudyError(
                f"The therapists of the arms cannot be shared among clinics = {clinics}: give multiples."
            )
        counts = [(count or 0) // clinics for count in given]
        open_arms = [place for place, count in enumerate(given) if count is None]
        left = self.design.therapists // clinics - sum(counts)
        if left < 0 or (left > 0 and not open_arms):
            raise StudyError(
                f"The arms have {sum(counts) * clinics} therapists and [design] has therapists = "
                f"{self.design.therapists}: make them equal."
            )
        split = shares(left, [self.allocation[place] for place in open_arms])
        for place, count in zip(open_arms, split, strict=True):
            counts[place] = count
        return tuple(counts)

    @property
    def first_with_therapists(self) -> str:
        """The first arm that has therapists."""
        return next(name for name, arm in self.arms.items() if arm.therapists != 0)

    @property
    def parameter_sets(self) -> ClinicEnsemble | None:
        """The parameter sets that trials are run with; None where they have those of their setting."""
        return sets_of_preset(self.preset) if self.ensemble else None

    def base_parameters(self) -> Parameters:
        """Return the setting before any arm changes it."""
        return layered(self.preset.split("+") if self.preset else [], self.settings)

    def changes_of(self, arm: str, **values: Scalar) -> dict[str, Any]:
        """Return what the design and an arm set on top of the preset, with some values on top of that."""
        one = self.arms[arm]
        changes: dict[str, Any] = dict(self.settings)
        for policy in one.policies:
            changes.update(find_preset(policy).parameters)
        return {**changes, **one.settings, **values}

    def parameters_of(self, arm: str, **values: Scalar) -> Parameters:
        """Return the setting of an arm, with some values changed on top."""
        return self.base_parameters().replace(**self.changes_of(arm, **values))

    def with_ensemble(self) -> Self:
        """Return the trial run with the parameter sets of its preset, checked like a new one."""
        return type(self)(**{**self.model_dump(), "ensemble": True})

    def changed(self, **values: Any) -> Self:
        """Return the trial with some entries of ``[design]`` changed, checked like a new one."""
        given = self.model_dump()
        return type(self)(**{**given, "design": {**given["design"], **values}})


def shares(count: int, allocation: Sequence[int]) -> tuple[int, ...]:
    """Share out whole things in proportion, the largest remainders first."""
    total = sum(allocation)
    if not total:
        return ()
    exact = [count * share / total for share in allocation]
    whole = [int(one) for one in exact]
    order = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], place))
    for place in order[: count - sum(whole)]:
        whole[place] += 1
    return tuple(whole)
