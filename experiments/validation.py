"""Holding the simulation against published findings, with its own uncertainty and its misses.

`validate` simulates many studies of ordinary size, computes for every finding the same statistic
the paper computed, and says whether it lies in the range that counts as inside. What was fitted
and what is predicted are kept apart; so are the random numbers of fitting and of judging.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from experiments.evidence.belonging import DEFAULT, facts_for, settings_with_facts
from experiments.evidence.explanations import explanation
from experiments.evidence.facts import load_facts
from experiments.seeds import JUDGING, judging
from experiments.studies_in_silico import run_studies, study_clinic
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from experiments.evidence.facts import Fact, Overrides, Role, Status
    from experiments.statistics.tables import Tables
    from simulation.parameters import Parameters

__all__ = [
    "STATUS_WORDS",
    "NotJudged",
    "Row",
    "Summary",
    "Validation",
    "resolve",
    "validate",
    "validate_all",
]

LEAST_STUDIES = 20

STATUS_WORDS: dict[str, str] = {
    "V": "read in the paper",
    "V2": "read in a secondary source",
    "M": "from memory of the literature, to be checked",
    "D": "derived from published figures",
}
"""What the verification status of a finding means."""


@dataclass(frozen=True, slots=True)
class Row:
    """One published finding and what the simulation makes of it.

    Attributes
    ----------
    id, statistic, setting, role, status, citation, doi, note
        As in `experiments.evidence.Fact`; `status` says how far the published number is verified.
    published, published_low, published_high
        The published number and its 95 % interval where there are such.
    low, high, range_rule, range_reason
        What counts as inside, and why.
    simulated, simulated_low, simulated_high
        The same statistic over the simulated studies, and the 95 % interval that is left by
        simulating a finite number of them; ``nan`` where there is none.
    inside
        Whether `simulated` lies between `low` and `high`.
    sure
        Whether its interval lies wholly on the same side of those limits.
    explanation
        For a miss: the best explanation found so far. Empty for what is inside.
    definition
        How the statistic is computed, in a sentence.
    latent
        Whether it looks at latent states that no instrument reports.
    """

    id: str
    statistic: str
    published: float | None
    published_low: float | None
    published_high: float | None
    low: float
    high: float
    range_rule: str
    range_reason: str
    simulated: float
    simulated_low: float
    simulated_high: float
    inside: bool
    sure: bool
    role: Role
    status: Status
    setting: str
    explanation: str
    definition: str
    citation: str
    doi: str | None
    note: str
    latent: bool

    @property
    def remembered(self) -> bool:
        """Whether the published number was written down from memory; say so wherever it is shown."""
        return self.status == "M"


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A published finding that is not computed, and why."""

    id: str
    statistic: str
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """How many findings of one role lie inside."""

    role: str
    inside: int
    total: int

    @property
    def share(self) -> float:
        """Share inside; ``nan`` where there is none to be inside."""
        return self.inside / self.total if self.total else math.nan

    def __str__(self) -> str:
        """Return the line for the foot of a table."""
        word = "fitted" if self.role == "fit" else "predicted"
        if not self.total:
            return f"{word}: none"
        return f"{word}: {self.inside} of {self.total} inside ({self.share:.0%})"


@dataclass(frozen=True, slots=True)
class Validation:
    """A setting held against the published findings.

    Attributes
    ----------
    preset
        Name of the setting that was judged.
    setting
        Whose findings it was held against.
    rows
        One for every finding, in the order of the evidence.
    not_judged
        Findings of the setting that cannot be computed.
    studies, clients_per_study, therapists_per_study, seed
        What was simulated.
    """

    preset: str
    setting: str
    rows: tuple[Row, ...]
    not_judged: tuple[NotJudged, ...]
    studies: int
    clients_per_study: int
    therapists_per_study: int
    seed: int

    def summary(self, role: Literal["fit", "predict"]) -> Summary:
        """Count what is inside among the fitted or the predicted findings."""
        chosen = [row for row in self.rows if row.role == role]
        return Summary(role, sum(row.inside for row in chosen), len(chosen))

    def row(self, fact: str) -> Row | None:
        """Return the row of a finding, if the setting is held against it."""
        return next((row for row in self.rows if row.id == fact), None)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as plain values for JSON; what is not a finite number becomes ``None``."""
        return [
            {"preset": self.preset}
            | {key: _plain(value) for key, value in asdict(row).items()}
            | {"status_meaning": STATUS_WORDS[row.status]}
            for row in self.rows
        ]


def validate(
    parameters: Parameters | str = DEFAULT,
    *,
    setting: str | None = None,
    studies: int = 200,
    clients_per_study: int = 60,
    seed: int = JUDGING,
    facts: Sequence[Fact] | None = None,
    threads: int | None = None,
    on_fact: Callable[[int, int], None] | None = None,
) -> Validation:
    """Hold a setting against the published findings.

    Parameters
    ----------
    parameters
        The name of a preset, the path of a preset file, or parameters. ``"default"`` is the
        default clinic.
    setting
        Whose findings to hold it against; the preset's own if left out, and the general ones for
        everything that is not a preset of a setting.
    studies
        Simulated studies of each arm.
    clients_per_study
        Clients of one study; therapists follow from the setting.
    seed
        Any but the seed of fitting.
    facts
        Findings of one's own (`experiments.evidence.read_facts`); the project's if left out.
    threads
        Threads to use; all cores if left out. The result does not depend on it.
    on_fact
        Called with the number of findings done and of all, for progress.

    Raises
    ------
    AllianceError
        For a preset that does not exist, too few studies, or the seed of fitting.
    """
    if studies < LEAST_STUDIES:
        raise AllianceError(
            f"studies = {studies} is not allowed: simulate at least {LEAST_STUDIES},"
            " or the uncertainty cannot be told."
        )
    seed = judging(seed)
    name, base, own = resolve(parameters, facts)
    setting = setting or own
    clinic = study_clinic(base, clients_per_study)
    chosen = facts_for(setting, facts)
    rows: dict[str, Row] = {}
    for one, arms in _with_arms(chosen, clinic, seed=seed, studies=studies, threads=threads):
        rows[one.id] = _judge(one, arms, setting)
        if on_fact is not None:
            on_fact(len(rows), len(chosen))
    return Validation(
        preset=name,
        setting=setting,
        rows=tuple(rows[one.id] for one in chosen),
        not_judged=tuple(
            NotJudged(one.id, one.statistic, one.not_computed or "")
            for one in (load_facts() if facts is None else facts)
            if not one.computed and one.setting in {setting, DEFAULT}
        ),
        studies=studies,
        clients_per_study=clinic.clients,
        therapists_per_study=clinic.therapists,
        seed=seed,
    )


def validate_all(**options: Any) -> tuple[Validation, ...]:
    """Hold every setting that has findings of its own against them; options as for `validate`."""
    return tuple(validate(name, **options) for name in settings_with_facts(options.get("facts")))


def resolve(
    parameters: Parameters | str, facts: Sequence[Fact] | None = None
) -> tuple[str, Parameters, str]:
    """Return name, parameters and the setting whose findings apply."""
    from simulation.parameters import Parameters

    if not isinstance(parameters, str):
        return "own parameters", parameters, DEFAULT
    if parameters == DEFAULT:
        return DEFAULT, Parameters(), DEFAULT
    from simulation.presets import find_preset

    found = find_preset(parameters)
    has_own = found.kind == "setting" and found.name in settings_with_facts(facts)
    return found.name, Parameters(**found.parameters), found.name if has_own else DEFAULT


def _with_arms(
    facts: Sequence[Fact], clinic: Parameters, *, seed: int, studies: int, threads: int | None
) -> Iterator[tuple[Fact, tuple[Tables, ...]]]:
    """Yield every fact with the tables it is computed on; facts on the same arms come together."""
    by_arms: dict[tuple[Overrides, tuple[Overrides, ...]], list[Fact]] = {}
    for one in facts:
        by_arms.setdefault((tuple(sorted(one.policy)), one.pooled_over), []).append(one)

    def run(changes: Sequence[dict[str, Any]]) -> Tables:
        return run_studies(clinic, seed=seed, studies=studies, designs=changes, threads=threads)

    usual = run([{}])
    for (policy, pooled), together in by_arms.items():
        designs = [dict(changes) for changes in pooled] or [{}]
        if not policy:
            arms: tuple[Tables, ...] = (run(designs) if pooled else usual,)
        else:
            with_policy = run([{**changes, **dict(policy)} for changes in designs])
            without = _without(clinic, policy)
            if pooled or without:
                arms = (with_policy, run([{**changes, **without} for changes in designs]))
            else:
                arms = (with_policy, usual)
        for one in together:
            yield one, arms


def _without(clinic: Parameters, policy: Overrides) -> dict[str, Any]:
    """Return what must change for an arm without the policy, where the setting already has it."""
    from simulation.parameters import PARAMETERS

    now = clinic.model_dump()
    return {
        name: PARAMETERS[name].default
        for name, value in policy
        if now[name] == value and value != PARAMETERS[name].default
    }


def _judge(one: Fact, arms: tuple[Tables, ...], setting: str) -> Row:
    from experiments.statistics import batch_estimate, statistic

    assert one.statistic_function is not None
    assert one.low is not None
    assert one.high is not None
    function = statistic(one.statistic_function)
    estimate = batch_estimate(partial(function, **dict(one.arguments)), *arms)
    inside = one.inside(estimate.value)
    return Row(
        id=one.id,
        statistic=one.statistic,
        published=one.value,
        published_low=one.ci_low,
        published_high=one.ci_high,
        low=one.low,
        high=one.high,
        range_rule=one.range_rule or "",
        range_reason=one.range_reason,
        simulated=estimate.value,
        simulated_low=estimate.low,
        simulated_high=estimate.high,
        inside=inside,
        sure=_sure(estimate.low, estimate.high, one.low, one.high, inside=inside),
        role=one.role,
        status=one.status,
        setting=one.setting,
        explanation="" if inside else explanation(one.id, setting),
        definition=(function.__doc__ or "").strip().partition("\n")[0],
        citation=one.citation,
        doi=one.doi,
        note=one.note,
        latent=one.latent,
    )


def _sure(
    simulated_low: float, simulated_high: float, low: float, high: float, *, inside: bool
) -> bool:
    if not (math.isfinite(simulated_low) and math.isfinite(simulated_high)):
        return False
    if inside:
        return low <= simulated_low and simulated_high <= high
    return simulated_high < low or simulated_low > high


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
