"""What calibration rests on, from the files it reads: priors, differences between clinics, errors, ensembles."""

from __future__ import annotations

import numpy as np

from tables.markdown import code, table


def prior_table() -> str:
    """Return the range of every parameter that moves, and which sets of the default clinic are left in it."""
    from experiments.calibration import ensemble
    from experiments.calibration.priors import moving_names, prior_of
    from simulation.parameters import PARAMETERS, Parameters

    left = ensemble("default")
    values = dict(zip(left.names, left.values.T, strict=True))
    rows = []
    for name in moving_names(Parameters()):
        prior = prior_of(PARAMETERS[name])
        low, high = np.quantile(values[name], [0.025, 0.975])
        places = np.array([prior.place(float(value)) for value in values[name]])
        told = max(0.0, 1.0 - float(places.var()))
        rows.append(
            (
                code(name),
                f"{prior.low:g} to {prior.high:g}, {prior.shape}",
                f"{low:.3g} to {high:.3g}",
                f"{100 * told:.0f} %",
                prior.basis,
            )
        )
    header = (
        "Parameter",
        "Prior",
        "95 % of the sets left",
        "Pinned down",
        "Where the prior comes from",
    )
    return table(header, rows)


def unit_prior_table() -> str:
    """Return the ranges of units, for parameters without one of their own."""
    from experiments.calibration.priors import unit_priors

    rows = [
        (unit, f"{one.low:g} to {one.high:g}, {one.shape}", one.basis)
        for unit, one in unit_priors().items()
    ]
    return table(("Unit", "Prior", "Where it comes from"), rows)


def ensemble_table() -> str:
    """Return how many parameter sets every setting keeps."""
    from experiments.calibration import ensemble
    from experiments.calibration.clinic_ensembles import LEAST_SETS, ensembles_shipped
    from experiments.calibration.targets import targets_for

    rows = []
    for name in ensembles_shipped():
        one = ensemble(name)
        enough = "yes" if len(one) >= LEAST_SETS else "no"
        rows.append(
            (
                code(name),
                len(targets_for(name)),
                len(one.names),
                f"{len(one)} of {one.tried}",
                enough,
            )
        )
    header = ("Setting", "Findings", "Parameters that move", "Sets left", "Enough for an interval")
    return table(header, rows)


def between_clinics_table() -> str:
    """Return what clinics differ in, and what that gives beside what was published."""
    from experiments.calibration.between_clinics import (
        clinic_traits,
        declared,
        recorded_uncertainties,
    )

    traits = table(
        ("Trait of a clinic", "Moves", "Scale", "Standard deviation"),
        [
            (
                f"{t.name}: {t.meaning}",
                ", ".join(map(code, t.parameters)),
                t.scale,
                f"{t.spread:.3g}",
            )
            for t in clinic_traits()
        ],
    )
    given = recorded_uncertainties()["between_clinics"]["studies_differ"]
    facts = table(
        ("Finding", "Scale", "Studies differ by", "Clinics drawn differ by", "Published as"),
        [
            (
                one["fact"],
                given[one["fact"]]["scale"],
                f"{given[one['fact']]['published']:.3g}",
                f"{given[one['fact']]['clinics']:.3g}",
                one["how"],
            )
            for one in declared()["published"]
        ],
    )
    return f"{traits}\n\n{facts}"


def discrepancy_table() -> str:
    """Return how far the model is off by scale, and the findings that say so."""
    from experiments.calibration.between_clinics import recorded_uncertainties

    found = recorded_uncertainties()["discrepancy"]
    by_scale = table(
        ("Scale", "Standard deviation of the model's error", "From"),
        [
            (
                scale,
                f"{sd:.3g}",
                ", ".join(n for n, one in found["left_out"].items() if one["scale"] == scale),
            )
            for scale, sd in found["spreads"].items()
        ],
    )
    left_out = table(
        ("Left out", "Scale", "Published", "Expected without it", "Sets differ by", "Known to"),
        [
            (
                name,
                one["scale"],
                f"{one['published']:.3g}",
                f"{one['expected']:.3g}",
                f"{one['sets_differ']:.2g}",
                f"{one['published_error']:.2g}",
            )
            for name, one in found["left_out"].items()
        ],
    )
    return f"{by_scale}\n\n{left_out}"
