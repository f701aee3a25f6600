"""Why an analysis gives no estimate: a sentence for people, and its number for compiled code."""

from __future__ import annotations

__all__ = [
    "DEPENDENT",
    "FAILURES",
    "FEW_GROUPS",
    "NO_END",
    "NO_EVENT",
    "NO_ROWS",
    "NO_SPREAD",
    "NO_THERAPIST",
    "SEPARATED",
    "SINGLE",
    "TOO_FEW",
]

FAILURES = (
    "",
    "An arm has too few clients with a score.",
    "There are no more rows than coefficients.",
    "The columns of the model are not independent: the effect cannot be told from the others.",
    "There are too few therapists: each effect needs more of them than it has coefficients.",
    "The scores do not vary beyond what the columns of the model say.",
    "The search for the variances came to no end.",
    "Nobody dropped out, or nobody was left at risk in an arm.",
    "An arm has nobody, or everybody, with the event: its effect has no finite estimate.",
    "A therapist mean needs therapists: some clients have none, or therapists have one or both arms.",
    "No therapist has two clients: their variance cannot be told from the residual one.",
)
"""Why there is no estimate, by the number in `FittedTrials.failed`; 0 where there is one."""

TOO_FEW, NO_ROWS, DEPENDENT, FEW_GROUPS, NO_SPREAD = 1, 2, 3, 4, 5
NO_END, NO_EVENT, SEPARATED, NO_THERAPIST, SINGLE = 6, 7, 8, 9, 10
"""The places in `FAILURES`."""
