"""An analysis that can never be made of a trial is refused when the trial is read, before anything is simulated."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from experiments.inference import analysis
from experiments.reports.trial import trial_page
from experiments.trials import Trial
from experiments.trials.trial_design import TrialDesign
from simulation.errors import AllianceError
from tests.experiments.trials.small_trials import ARMS, design

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("lmm", {"df": "kr"}, "kr is not a choice of df in lmm. There are: kenward_roger"),
        ("lmm", {"df": 5}, "df = 5 is not allowed in lmm: give one of kenward_roger"),
        ("lmm", {"random": ["therapists"]}, "Did you mean therapist?"),
        ("lmm", {"residual_by_arm": "no"}, "residual_by_arm = 'no' is not allowed in lmm: give true or false"),
        ("lmm3", {"time": "quadratic"}, "There are: categorical, linear"),
        ("lmm3", {"primary": "last"}, "primary = 'last' is not allowed in lmm3: give a number"),
        ("hazard", {"link": "probit"}, "There are: logit, cloglog"),
        ("ancova_cr2", {"correction": "CR9"}, "Did you mean CR2?|There are: CR2, CR1S"),
        ("ancova", {"covariates": "base"}, "give a list"),
    ],
)  # fmt: skip
def test_a_value_that_an_option_cannot_have_is_refused_before_data_are_there(
    kind: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(AllianceError, match=said):
        analysis(kind, **options)


def test_every_value_that_the_documentation_names_is_taken() -> None:
    for options in (
        {"random": "therapist", "df": "normal", "covariates": ["base"], "residual_by_arm": True},
        {"random": ("therapist_in_arm", "clinic")},
        {"random": ["therapist", "therapist_by_arm"]},
    ):
        assert analysis("lmm", **options).options == options
    assert analysis("lmm3", time="linear", primary=12, slopes=None, clinic=True).kind == "lmm3"


@pytest.mark.parametrize(
    ("changes", "asked", "said"),
    [
        ({}, {"kind": "lmm", "random": ["clinic"]}, "clinics = 1"),
        ({}, {"kind": "lmm3", "clinic": True}, "clinics = 1"),
        ({}, {"kind": "lmm", "random": ["therapist_by_arm"]}, 'or therapists_in_arms = "crossed"'),
        ({"arms": {"waiting": {"therapists": 0}, **ARMS}}, {"kind": "cox"}, "arms.waiting has no therapists"),
    ],
)  # fmt: skip
def test_what_would_fail_in_every_trial_is_refused_with_what_to_do(
    changes: dict[str, Any], asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(AllianceError, match=said):
        Trial(design(analysis=[asked], **changes))


def test_what_a_design_has_can_be_analysed() -> None:
    crossed = {"therapists_in_arms": "crossed", "clinics": 2}
    asked = [
        {"kind": "lmm", "random": ["therapist_by_arm", "clinic"]},
        {"kind": "cox"},
        {"kind": "lmm3", "clinic": True},
    ]
    assert len(Trial(design(analysis=asked, design=crossed)).design.analyses) == 3


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "^arms is missing: add it.$"),
        ({"arms": ARMS, "designs": {}}, "^designs is not a field here. Did you mean design?"),
        (
            {"arms": {"usual": {}, "new": {"effect": 0.2}}},
            r"effect is a table, such as effect = \{",
        ),
        ({"arms": ARMS, "settings": 5}, "settings is a table"),
    ],
)
def test_a_table_that_is_missing_misspelt_or_a_number_is_named(
    values: dict[str, Any], said: str
) -> None:
    with pytest.raises(AllianceError, match=said):
        TrialDesign(**values)


def test_long_names_of_analyses_are_shown_whole(tmp_path: Path) -> None:
    asked = [{"kind": "lmm", "random": ["therapist_in_arm"]}, {"kind": "t"}]
    arms = {**ARMS, "third": {}}
    result = Trial(design(arms=arms, design={"therapists": 6}, analysis=asked)).run(
        tmp_path / "out", 2
    )
    console = Console(width=80, file=StringIO())
    console.print(*trial_page(result, "{}"), sep="\n")
    assert isinstance(console.file, StringIO)
    said = console.file.getvalue()
    assert "…" not in said
    assert "A: lmm (therapist_in_arm), the primary analysis\n" in said
    assert "B: t\n" in said
    names = [f"{letter}: {arm}" for letter in "AB" for arm in list(arms)[1:]]
    heads = next(line for line in said.splitlines() if "A: third" in line)
    assert all(name in heads for name in names)
    for row in ("bias", "empirical SE", "type I error", "at boundary", "failed"):
        assert any(line.startswith(row) for line in said.splitlines())
