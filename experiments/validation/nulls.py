"""What findings other models pass: random clinics, one without the alliance's effects, the rival mechanisms.

The stored results come with the package, one set for each setting that has findings, and are run again by
``python -m experiments.validation.nulls``; a test runs some of them again and says when they are out of date.
"""

from __future__ import annotations

import json
import math
import statistics
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from experiments.evidence.facts_by_setting import DEFAULT, facts_for, settings_with_facts
from experiments.evidence.informed import ROLE_WORDS
from experiments.validation.null_clinics import closed_clinic, random_clinic
from experiments.validation.results import finite_or_none
from experiments.validation.rival_mechanisms import MECHANISMS
from experiments.validation.scores import mean_score, score
from experiments.validation.seeds import VALIDATION_SEED
from experiments.validation.simulated_studies import study_clinic
from experiments.validation.validate import fact_results, resolve
from simulation.cores import available_cores
from simulation.dyads.catalogue import dyad_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from experiments.evidence import Fact
    from experiments.evidence.informed import FullRole
    from experiments.validation.results import FactResult, Validation
    from experiments.validation.stored_clinics import StoredClinics
    from simulation.parameters import Parameters

__all__ = [
    "CLOSED",
    "FILE",
    "NullRun",
    "Nulls",
    "beside_nulls",
    "compared_with_findings",
    "plain",
    "role_line",
    "run_nulls",
    "stored_nulls",
]

FILE = Path(__file__).with_name("nulls.json")

CLINICS, STUDIES = 60, 60
"""Random clinics, and the simulated studies of each: enough to see what nearly all or hardly any of them pass."""

CLOSED, RANDOM = "closed", "random"


@dataclass(frozen=True, slots=True)
class NullRun:
    """One other model beside the findings.

    Attributes
    ----------
    inside
        The findings it passes.
    scores
        Its mean score by role; nan where no finding of the role has one.
    """

    inside: frozenset[str]
    scores: Mapping[str, float]

    @classmethod
    def of(cls, rows: Sequence[FactResult]) -> NullRun:
        """Return what is kept of a comparison."""
        by_role = {role: [row for row in rows if row.role == role] for role in ROLE_WORDS}
        return cls(
            frozenset(row.id for row in rows if row.inside),
            MappingProxyType({role: mean_score(rows) for role, rows in by_role.items()}),
        )


@dataclass(frozen=True, slots=True)
class Nulls:
    """Other models beside the findings of a setting.

    Attributes
    ----------
    setting
        Whose findings.
    random
        The random clinics, in the order of their numbers.
    models
        The closed clinic and the rival mechanisms, by name.
    """

    setting: str
    random: tuple[NullRun, ...]
    models: Mapping[str, NullRun]

    def share(self, fact: str) -> float:
        """Return the share of random clinics that pass a finding; nan where there are none."""
        if not self.random:
            return math.nan
        return sum(fact in one.inside for one in self.random) / len(self.random)

    def passing(self, fact: str) -> tuple[str, ...]:
        """Return the models that pass a finding."""
        return tuple(name for name, one in self.models.items() if fact in one.inside)

    def usual_count(self, facts: Iterable[str]) -> float:
        """Return how many of these findings a random clinic passes: the median."""
        wanted = set(facts)
        return statistics.median(len(one.inside & wanted) for one in self.random)

    def closed_count(self, facts: Iterable[str]) -> int:
        """Return how many of these findings the closed clinic passes."""
        return len(self.models[CLOSED].inside.intersection(facts))

    def usual_score(self, role: FullRole) -> float:
        """Return the median of the random clinics' mean scores; nan where they have none."""
        known = [one.scores[role] for one in self.random if math.isfinite(one.scores[role])]
        return statistics.median(known) if known else math.nan


def run_nulls(
    preset: Parameters | str = DEFAULT,
    *,
    clinics: int = CLINICS,
    studies: int = STUDIES,
    stored: StoredClinics | None = None,
    on_clinic: Callable[[int, int], None] | None = None,
) -> Nulls:
    """Compare random clinics around a setting, its closed form and, of the default one, the rivals with its findings.

    Rivals are the mechanisms and the published models of the dyad.

    Parameters
    ----------
    preset
        As for `validate`.
    clinics, studies
        How many random clinics, and simulated studies of each.
    stored
        Where finished clinics are stored; the same call resumes from there.
    on_clinic
        Called with the clinics done and all of them, for progress.

    Raises
    ------
    AllianceError
        As for `validate`.
    """
    _, base, setting = resolve(preset)
    models: dict[str, Parameters | str] = {CLOSED: closed_clinic(base)}
    if setting == DEFAULT:
        models |= {name: name for name in (*MECHANISMS, *dyad_names())}
    todo: dict[str, Parameters | str] = {
        f"{RANDOM} {number}": random_clinic(base, number) for number in range(clinics)
    }
    todo |= models
    facts = facts_for(setting)

    def compared(item: tuple[str, Parameters | str]) -> NullRun:
        name, parameters = item
        what = (setting, name, base.model_dump(), studies)
        found = stored.load(what) if stored is not None else None
        if found is None:
            found = _written(compared_with_findings(parameters, setting, studies, facts))
            if stored is not None:
                stored.save(what, found)
        return _read(found)

    runs: dict[str, NullRun] = {}
    with ThreadPoolExecutor(available_cores()) as pool:
        for name, one in zip(todo, pool.map(compared, todo.items()), strict=True):
            runs[name] = one
            if on_clinic is not None:
                on_clinic(len(runs), len(todo))
    return Nulls(
        setting,
        tuple(runs[name] for name in todo if name not in models),
        MappingProxyType({name: runs[name] for name in models}),
    )


def compared_with_findings(
    parameters: Parameters | str, setting: str, studies: int, facts: Sequence[Fact]
) -> NullRun:
    """Compare a clinic with the findings of a setting, on one thread; arguments are as for `validate`."""
    clinic = study_clinic(resolve(parameters)[1])
    results = fact_results(
        facts,
        clinic,
        setting,
        seed=VALIDATION_SEED,
        studies=studies,
        threads=1,
        every_interval=False,
    )
    by_id = {row.id: row for row in results}
    return NullRun.of([by_id[one.id] for one in facts])


@cache
def stored_nulls(setting: str) -> Nulls | None:
    """Return what was stored for the findings of a setting; None for none."""
    found = json.loads(FILE.read_text("utf-8")).get(setting)
    if found is None:
        return None
    facts = found["findings"].split()

    def read(line: str) -> NullRun:
        passed, *scores = line.split()
        inside = frozenset(one for one, mark in zip(facts, passed, strict=True) if mark == "1")
        values = (math.nan if score == "-" else float(score) for score in scores)
        return NullRun(inside, MappingProxyType(dict(zip(ROLE_WORDS, values, strict=True))))

    return Nulls(
        setting,
        tuple(read(line) for line in found["random"]),
        MappingProxyType({name: read(line) for name, line in found["models"].items()}),
    )


def role_line(found: Validation, role: FullRole, nulls: Nulls | None) -> str:
    """Say how many findings of a role lie inside, how many other clinics pass, and the scores."""
    rows = found.counted(role)
    line = str(found.count_inside(role))
    if not rows or nulls is None:
        return line
    facts = [row.id for row in rows]
    line += (
        f"; a random clinic passes {nulls.usual_count(facts):g}, one without effects of the alliance"
        f" {nulls.closed_count(facts)}"
    )
    own = mean_score(rows)
    if math.isfinite(own):
        line += (
            f"; mean score {own:.2f} (random {nulls.usual_score(role):.2f},"
            f" without effects {nulls.models[CLOSED].scores[role]:.2f})"
        )
    return line


def beside_nulls(found: Validation, nulls: Nulls | None) -> list[dict[str, Any]]:
    """Return the rows as plain values for JSON, each with its score and with what other models pass it."""
    return [
        entry
        | {
            "score": finite_or_none(score(row)),
            "random_share": None if nulls is None else nulls.share(row.id),
            "passed_by": None if nulls is None else nulls.passing(row.id),
        }
        for row, entry in zip(found.rows, found.to_dicts(), strict=True)
    ]


def plain(nulls: Nulls) -> dict[str, Any]:
    """Return what is stored of it: a line a model, with 1 for each finding it passes, 0 for others, and scores."""
    facts = [one.id for one in facts_for(nulls.setting)]

    def line(one: NullRun) -> str:
        passed = "".join("1" if name in one.inside else "0" for name in facts)
        scores = (f"{v:.4f}" if math.isfinite(v) else "-" for v in one.scores.values())
        return f"{passed} {' '.join(scores)}"

    return {
        "findings": " ".join(facts),
        "random": [line(one) for one in nulls.random],
        "models": {name: line(one) for name, one in nulls.models.items()},
    }


def _written(one: NullRun) -> dict[str, Any]:
    scores = {
        role: round(value, 4) if math.isfinite(value) else None
        for role, value in one.scores.items()
    }
    return {"inside": " ".join(sorted(one.inside)), "scores": scores}


def _read(one: dict[str, Any]) -> NullRun:
    scores = {role: math.nan if value is None else value for role, value in one["scores"].items()}
    return NullRun(frozenset(one["inside"].split()), MappingProxyType(scores))


def main() -> None:
    """Run all of them and store them beside the code; some minutes."""
    found = {setting: plain(run_nulls(setting)) for setting in settings_with_facts()}
    FILE.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
