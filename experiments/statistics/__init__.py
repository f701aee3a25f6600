"""Outcome statistics: what a paper would compute, computed on simulated or real tables.

Every statistic is a pure function of `RunTables` (a contrast: of two) that returns a number, with its
definition and source in its docstring. They read what the instruments *report*; a statistic that
needs a latent state says so. A statistic that the data cannot give is ``nan``; one that needs a
column which is not there raises `MissingColumnError`.

Examples
--------
>>> tables = RunTables(clients, sessions, therapists)  # doctest: +SKIP
>>> process_outcome_r(tables)  # doctest: +SKIP
0.27
>>> statistic("dropout_rate")(tables, definition="no_recovery")  # doctest: +SKIP
0.61
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from experiments.statistics.alliance_outcome import (
    empathy_accuracy_gap,
    process_outcome,
    process_outcome_r,
    relationship_measures_r,
    task_goal_minus_bond,
    trait_alliance_r,
)
from experiments.statistics.attendance import (
    finished_share,
    first_session_extremity_ratio,
    mean_sessions,
    mode_sessions,
    noncompletion_cost,
    one_session_share,
    satisfaction_completion_r,
    session_gain_slope,
)
from experiments.statistics.contrasts import (
    contrast_alliance_d,
    contrast_completion_risk_ratio,
    contrast_dropout_odds_ratio,
    contrast_outcome_d,
    contrast_outcome_r,
    contrast_satisfaction_d,
    contrast_sessions_d,
    contrast_skill_gain,
)
from experiments.statistics.dropout import (
    alliance_dropout_d,
    alliance_dropout_logit_slope,
    dropout_definition_gap,
    dropout_rate,
    early_dropout_share,
    early_hazard_ratio,
    event_dropout_d,
    survival,
)
from experiments.statistics.measurement import (
    agreement_convergence,
    between_client_share,
    ceiling_change,
    ceiling_share,
    generalizability,
    level_fraction,
    rater_agreement_d,
    rater_agreement_r,
    reported_minus_felt,
    satisfaction_alliance_r,
    satisfaction_gain_r,
    satisfaction_mean,
    satisfaction_sessions_r,
    score_sd,
    sessions_for_generalizability,
    skewness,
    subscale_alpha,
)
from experiments.statistics.outcome import (
    change_rates,
    deterioration_rate,
    dose_response_concavity,
    dose_response_curve,
    improvement_rate,
    median_sessions_to_recovery,
    pre_post_d,
    recovered_by_session,
    recovery_rate,
    reliably_improved_by_session,
    residual_gain,
    unchanged_rate,
)
from experiments.statistics.pooling import PooledCorrelation, batch_estimate
from experiments.statistics.practice import (
    burnout_dropout_odds_ratio,
    burnout_improvement_odds_ratio,
    caseload_outcome_r,
    experience_slope,
    therapist_violation_share,
)
from experiments.statistics.ruptures import (
    repair_outcome_r,
    rupture_rater_order,
    rupture_share,
    withdrawal_share,
)
from experiments.statistics.shapes import (
    alliance_change_d,
    alliance_growth,
    trajectory_shapes,
    u_shape_benefit,
    u_shape_share,
)
from experiments.statistics.therapists import (
    alliance_outcome_between,
    alliance_outcome_within,
    alliance_outcome_within_between,
    alliance_variance_shares,
    cox_alliance_dropout,
    dropout_hazard_ratio,
    patient_therapist_ratio_slope,
    therapist_alliance_share,
    therapist_dropout_log_ratio,
    therapist_share,
)
from experiments.statistics.v_detector import (
    v_shape_gain_d,
    v_shape_rule_ratio,
    v_shape_share,
    v_shapes,
)
from experiments.statistics.within_client import lagged_beta, lagged_effect, random_slope_sd
from experiments.tables.columns import MissingColumnError
from experiments.tables.run_tables import RunTables
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STATISTICS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            agreement_convergence,
            alliance_change_d,
            alliance_dropout_d,
            alliance_dropout_logit_slope,
            alliance_growth,
            alliance_outcome_between,
            alliance_outcome_within,
            between_client_share,
            burnout_dropout_odds_ratio,
            burnout_improvement_odds_ratio,
            caseload_outcome_r,
            ceiling_change,
            ceiling_share,
            deterioration_rate,
            dose_response_concavity,
            dropout_definition_gap,
            dropout_hazard_ratio,
            dropout_rate,
            early_dropout_share,
            early_hazard_ratio,
            empathy_accuracy_gap,
            event_dropout_d,
            experience_slope,
            finished_share,
            first_session_extremity_ratio,
            generalizability,
            improvement_rate,
            lagged_beta,
            level_fraction,
            mean_sessions,
            median_sessions_to_recovery,
            mode_sessions,
            noncompletion_cost,
            one_session_share,
            patient_therapist_ratio_slope,
            pre_post_d,
            process_outcome_r,
            random_slope_sd,
            rater_agreement_d,
            rater_agreement_r,
            recovered_by_session,
            recovery_rate,
            relationship_measures_r,
            reliably_improved_by_session,
            repair_outcome_r,
            reported_minus_felt,
            rupture_rater_order,
            rupture_share,
            satisfaction_alliance_r,
            satisfaction_completion_r,
            satisfaction_gain_r,
            satisfaction_mean,
            satisfaction_sessions_r,
            score_sd,
            session_gain_slope,
            sessions_for_generalizability,
            skewness,
            subscale_alpha,
            task_goal_minus_bond,
            therapist_alliance_share,
            therapist_dropout_log_ratio,
            therapist_share,
            therapist_violation_share,
            trait_alliance_r,
            u_shape_benefit,
            u_shape_share,
            unchanged_rate,
            v_shape_gain_d,
            v_shape_rule_ratio,
            v_shape_share,
            withdrawal_share,
        )
    }
)
"""Every statistic of one table, by name."""

CONTRASTS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            contrast_alliance_d,
            contrast_completion_risk_ratio,
            contrast_dropout_odds_ratio,
            contrast_outcome_d,
            contrast_outcome_r,
            contrast_satisfaction_d,
            contrast_sessions_d,
            contrast_skill_gain,
        )
    }
)
"""Every contrast between an arm with a policy and one without, by name."""


def statistic(name: str) -> Callable[..., float]:
    """Return the statistic or contrast of this name.

    Raises
    ------
    AllianceError
        When there is none; names the nearest.
    """
    found = STATISTICS.get(name) or CONTRASTS.get(name)
    if found is None:
        raise unknown_name(name, "a statistic", [*STATISTICS, *CONTRASTS])
    return found


__all__ = [
    "CONTRASTS",
    "STATISTICS",
    "MissingColumnError",
    "PooledCorrelation",
    "RunTables",
    "alliance_outcome_within_between",
    "alliance_variance_shares",
    "batch_estimate",
    "change_rates",
    "cox_alliance_dropout",
    "dose_response_curve",
    "lagged_effect",
    "process_outcome",
    "residual_gain",
    "statistic",
    "survival",
    "trajectory_shapes",
    "v_shapes",
]
