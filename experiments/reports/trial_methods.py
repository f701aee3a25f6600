"""A methods paragraph for a protocol: what was simulated and how it was analysed, in the words of the field."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from experiments.quantities.monte_carlo import LEVEL
from experiments.quantities.writing import count, fixed, percent
from experiments.trials.clinic_sentences import clinics_sentence, power_sentence
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from experiments.power.answer import Power
    from experiments.trials.result import TrialResult
    from experiments.trials.trial_design import TrialDesign

__all__ = ["CITATIONS", "methods_of"]

KINDS = {
    "t": "Student's t test",
    "welch": "Welch's t test",
    "t_of_therapist_means": "a t test of the means of therapists",
    "ancova": "an analysis of covariance with the score at intake, which ignores therapists",
    "ancova_cr2": (
        "an analysis of covariance with the score at intake and bias-reduced cluster-robust standard errors (CR2; "
        "Pustejovsky & Tipton, 2018)"
    ),
    "lmm": "a linear mixed model with the score at intake, fitted by restricted maximum likelihood",
    "lmm3": "a linear mixed model of three levels (assessments in clients in therapists)",
    "hazard": "a discrete-time hazard model of dropout",
    "cox": "Cox's proportional hazards model of dropout (Efron's method for ties)",
}

FREEDOM = {
    "kenward_roger": "degrees of freedom after Kenward & Roger (1997)",
    "satterthwaite": "Satterthwaite's degrees of freedom",
    "between_within": "between-within degrees of freedom",
    "normal": "a normal reference",
}

CITATIONS = (
    "ICH E9(R1) (2019). Addendum on estimands and sensitivity analysis in clinical trials.",
    "Morris, T. P., White, I. R., & Crowther, M. J. (2019). Using simulation studies to evaluate statistical "
    "methods. Statistics in Medicine, 38, 2074-2102. https://doi.org/10.1002/sim.8086",
    "Kenward, M. G., & Roger, J. H. (1997). Small sample inference for fixed effects from restricted maximum "
    "likelihood. Biometrics, 53, 983-997.",
)


def methods_of(result: TrialResult, power: Power | None = None) -> tuple[str, ...]:
    """Return paragraphs that can go into a protocol.

    Parameters
    ----------
    result
        The trials.
    power
        The search that led to them, if one did.
    """
    design = result.design
    return (
        " ".join([_design(design), _outcome(design)]),
        " ".join([_primary(result), *_others(result)]),
        " ".join([_simulation(result), power_sentence(design), *_searched(power)]),
        "This is a simulation: it shows what a design and an analysis can find if the world is as simulated. It is "
        "not evidence that a policy works, and it advises on no client.",
    )


def _design(design: TrialDesign) -> str:
    own = design.design
    shape = {
        "client": f"Clients are randomised, with therapists {own.therapists_in_arms} in arms",
        "therapist": "Therapists are randomised with all their clients (nested)",
        "clinic": "Clinics are randomised with all their therapists and clients",
    }[own.randomise]
    ratio = ":".join(str(share) for share in design.allocation)
    strata = f", stratified by {' and '.join(own.stratify)}" if own.stratify else ""
    clinics = f" in {own.clinics} clinics" if own.clinics > 1 else ""
    apart = f" {said}" if (said := clinics_sentence(design)) else ""
    return (
        f"{own.clients:,} clients of {count(own.therapists, 'therapist')}{clinics} are allotted to "
        f"{len(design.arms)} arms ({', '.join(design.arms)}). {shape}, in permuted blocks of {design.block}, "
        f"{ratio}{strata}.{apart}"
    )


def _outcome(design: TrialDesign) -> str:
    outcome, missing = design.outcome, design.missing
    weeks = ", ".join(map(str, outcome.weeks))
    lost = (
        f" Of those who drop out {percent(missing.after_dropout)} cannot be assessed any more, and "
        f"{percent(missing.at_random)} of all scores are missing at random."
        if missing.after_dropout or missing.at_random
        else ""
    )
    return (
        f"The primary outcome is {INSTRUMENTS[outcome.instrument].name} in week {outcome.primary} "
        f"(assessments in weeks {weeks}).{lost}"
    )


def _primary(result: TrialResult) -> str:
    options = result.options[0]
    words = _kind(result.analyses[0], options)
    if random := options.get("random"):
        listed = random if isinstance(random, str) else " and ".join(map(str, random))
        words += f" with random effects of {listed}"
    freedom = options.get("df", "kenward_roger" if options.get("kind") in ("lmm", "lmm3") else None)
    if freedom:
        words += f", {FREEDOM.get(str(freedom), freedom)}"
    return f"The primary analysis is {words}, two-sided at {percent(LEVEL)}."


def _kind(name: str, options: Mapping[str, Any]) -> str:
    """Return what an analysis is called in a protocol; a function of one's own has no options."""
    return KINDS[str(options["kind"])] if options else f"{name}, a function of one's own"


def _others(result: TrialResult) -> list[str]:
    named = zip(result.analyses[1:], result.options[1:], strict=True)
    others = [_kind(name, options) for name, options in named]
    said = [f"It is compared with {'; '.join(others)}."] if others else []
    if len(result.design.arms) > 2:
        said.append("Contrasts with the first arm are adjusted by Holm's method.")
    return said


def _simulation(result: TrialResult) -> str:
    design = result.design
    effects = " and ".join(
        f"d = {fixed(one.d, 2)} (Monte Carlo standard error {fixed(one.d_error, 3)}) for {one.arm}"
        for one in result.effects
    )
    return (
        f"Operating characteristics are from {result.trials:,} simulated trials (Alliance "
        f"{version('alliance-dynamics')}, seed {design.seed}), in which every client is simulated under every "
        f"arm, so that the true effect is known: {effects}. A share of .80 has a Monte Carlo standard error of "
        f"{fixed((0.16 / result.trials) ** 0.5, 3)}."
    )


def _searched(power: Power | None) -> list[str]:
    if power is None:
        return []
    return [
        f"The size was searched with {power.found.trials:,} other trials, by a probit line of power in its root, "
        f"for a power of {percent(power.wanted)}."
    ]
