"""How much clinics differ and how far the model is off, set from findings that may be fitted and from nothing else.

``python -m experiments.calibration.uncertainties`` writes ``uncertainties.json``; with ``between_clinics`` or
``discrepancy`` behind it, that part of it:

*Between clinics.* The spread of each trait of a clinic is the one that gives the published differences between
studies back, as nearly as variances of independent traits can (non-negative least squares).

*Discrepancy.* The default clinic is calibrated again without each finding in turn. How much further the left-out
finding is from what the sets then say than the sets differ among themselves is what the model is off by, one number a
scale (logits for shares, Fisher's z for correlations, logarithms for ratios and counts, standard deviations for
differences). It is the variance with the highest likelihood, for all findings of a scale together.
"""

from __future__ import annotations

import json
import sys
from importlib import resources
from pathlib import Path

from experiments.calibration.base import base_of
from experiments.calibration.between_clinics import RECORD
from experiments.calibration.fitting import calibrate
from experiments.calibration.leaving_out import discrepancy_of_findings
from experiments.calibration.priors import moving_names, priors_for
from experiments.calibration.study_differences import spreads_between_clinics
from experiments.calibration.targets import targets_for
from experiments.evidence.facts_by_setting import DEFAULT
from simulation.files import write_whole


def main() -> None:
    """Set both, or the part that is named, and write them down; about ten minutes for the second."""
    parts = sys.argv[1:] or ["between_clinics", "discrepancy"]
    path = Path(str(resources.files("experiments"))) / "calibration" / RECORD
    document = json.loads(path.read_text("utf-8")) if path.exists() else {}
    base = base_of(DEFAULT)
    targets = targets_for(DEFAULT)
    priors = priors_for(base, moving_names(base))
    if "between_clinics" in parts:
        document["between_clinics"] = spreads_between_clinics(calibrate(base, priors, targets))
    if "discrepancy" in parts:
        document["discrepancy"] = discrepancy_of_findings(base, targets, priors)
    write_whole(path, f"{json.dumps(document, indent=1)}\n".encode())


if __name__ == "__main__":
    main()
