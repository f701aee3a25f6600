"""What a page of the trial room asks for, from its address."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from dashboards.addresses.fields import Number, Whole, Word
from dashboards.therapies.wording import listed
from experiments.calibration.clinic_ensembles import ensembles_shipped
from experiments.evidence.facts_by_setting import DEFAULT
from experiments.power.sizing import checked, designed, size_of, sizes_of
from experiments.trials.arms import OF_THE_DESIGN
from experiments.trials.design import Allotment
from experiments.trials.outcome import Outcome
from experiments.trials.trial import Trial
from experiments.trials.trial_design import TrialDesign
from simulation.errors import AllianceError
from simulation.presets import find_preset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.addresses.address import PageState
    from dashboards.addresses.fields import Fields
    from experiments.power.sizing import LookedFor

__all__ = ["FIELDS", "MOST_CLIENTS", "WEEK", "PlannedTrial", "planned", "set_by_trial"]

WEEK: Final = 12
"""Whose score decides."""

MOST_CLIENTS: Final = 3_000
"""Clients of a trial that a page simulates at most."""

TIMES: Final = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
"""Sizes of the curve, as multiples of the trial's own."""

FIELDS: Fields = MappingProxyType(
    {
        "differ": Word("supervision", ("supervision", "empathy")),
        "d": Number(0.2, 0.0, 2.0),
        "usual": Number(0.4, 0.02, 0.98),
        "treated": Number(0.8, 0.02, 0.98),
        "people": Whole(400, 20, 1_000),
        "team": Whole(10, 4, 60),
        "seen": Word("nested", ("nested", "crossed")),
        "over": Word("clients", ("clients", "therapists")),
        "clinics": Whole(1, 1, 20),
        "clinics_differ": Number(1.0, 0.0, 4.0),
        "sets": Word("one", ("one", "all")),
        "go": Whole(0, 0, 1),
        "opened": Whole(1, 1, 9_999),
        "without": Whole(0, 0, 1),
    }
)
"""What the room's address says."""


@dataclass(frozen=True, slots=True)
class PlannedTrial:
    """A trial, and the sizes whose power is looked at.

    Attributes
    ----------
    design
        The trial.
    over
        What the sizes are of.
    sizes
        Rising, the trial's own among them.
    """

    design: TrialDesign
    over: LookedFor
    sizes: tuple[float, ...]

    @property
    def own_size(self) -> float:
        """The size of the trial itself."""
        return size_of(self.over, self.design)

    def at(self, size: float) -> TrialDesign:
        """Return the trial at another size, all else as it is."""
        return designed(self.over, self.design, size)


def planned(page: PageState) -> PlannedTrial:
    """Return the trial that a page asks for.

    Raises
    ------
    AllianceError
        If it cannot be run as it is written; says why.
    """
    view = {name: row.start for name, row in FIELDS.items()} | dict(page.view)
    _check_clinics(view)
    _check_sets(page, view)
    settings = {name: value for name, value in page.changes.items() if name not in OF_THE_DESIGN}
    design = TrialDesign(
        preset=page.preset,
        settings=settings,
        ensemble=view["sets"] == "all",
        seed=page.seed,
        arms=_arms(view),
        design=Allotment(
            clients=view["people"],
            therapists=view["team"],
            therapists_in_arms=view["seen"],
            clinics=view["clinics"],
            clinics_differ=view["clinics_differ"],
        ),
        outcome=Outcome(weeks=(0, WEEK), primary=WEEK),
    )
    Trial(design)  # checks what a design alone cannot
    over = checked(view["over"], design)
    own, allowed = size_of(over, design), sizes_of(over, design)
    near = {allowed.near(times * own) for times in TIMES} | {own}
    each = design.design.clients / own
    return PlannedTrial(
        design, over, tuple(sorted(size for size in near if size * each <= MOST_CLIENTS))
    )


def _check_clinics(view: Mapping[str, Any]) -> None:
    """Refuse therapists that cannot be shared among the clinics; says which numbers can."""
    clinics, team = view["clinics"], view["team"]
    each = 2 if view["seen"] == "nested" else 1
    least = each * clinics
    if clinics > 1 and team < least:
        why = ", one for each arm in every clinic" if each > 1 else ""
        raise AllianceError(
            f"{clinics} clinics need {least} therapists{why}: set Therapists in all to {least} or more."
        )
    if team % clinics:
        near = sorted({max(each, team // clinics) * clinics, (team // clinics + 1) * clinics})
        raise AllianceError(
            f"{team} therapists cannot be shared evenly among {clinics} clinics: set Therapists in all to "
            f"{' or '.join(map(str, near))}."
        )


def _check_sets(page: PageState, view: Mapping[str, Any]) -> None:
    """Refuse every parameter set of a setting for which none have been looked for."""
    known = ensembles_shipped()
    if view["sets"] == "all" and page.preset not in known:
        titles = listed([find_preset(name).title for name in known if name != DEFAULT])
        raise AllianceError(
            f"Other parameter sets that fit the findings are known of {titles} only: start from one of these, or "
            "choose the setting as it is."
        )


def _arms(view: dict[str, Any]) -> dict[str, Any]:
    if view["differ"] == "empathy":
        return {
            "usual": {"settings": {"empathy": view["usual"]}},
            "treated": {"settings": {"empathy": view["treated"]}},
        }
    effect = {"d": view["d"], "by": "alliance_supervision_effect"}
    return {"usual": {}, "treated": {"policies": ["alliance_supervision"], "effect": effect}}


def set_by_trial(page: PageState) -> str:
    """Say which changed parameters a trial decides by itself; empty for none."""
    names = [name.replace("_", " ") for name in page.changes if name in OF_THE_DESIGN]
    if not names:
        return ""
    return f"A trial decides {listed(names)} itself: what you set is left out."
