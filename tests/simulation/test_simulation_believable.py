"""The default clinic is believable before it is fitted to anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.results.result import Result


def test_between_10_and_45_percent_of_those_who_begin_drop_out(default_clinic: Result) -> None:
    clients = default_clinic.clients
    began = clients.filter(clients["sessions"] > 0)
    assert 0.10 <= (began["status"] == "dropped_out").mean() <= 0.45  # type: ignore[operator]


def test_therapies_end_by_plan_and_by_dropout(default_clinic: Result) -> None:
    counts = dict(default_clinic.clients["status"].value_counts().iter_rows())
    assert counts["completed"] > 0.1 * default_clinic.clients.height
    assert counts["dropped_out"] > 0.05 * default_clinic.clients.height


def test_there_is_a_rupture_in_15_to_50_percent_of_sessions(default_clinic: Result) -> None:
    assert 0.15 <= (default_clinic.sessions["rupture"] != "none").mean() <= 0.50  # type: ignore[operator]


def test_both_kinds_of_rupture_occur_and_withdrawal_is_the_commoner(default_clinic: Result) -> None:
    kinds = dict(default_clinic.sessions["rupture"].value_counts().iter_rows())
    assert kinds["withdrawal"] > kinds["confrontation"] > 0


def test_clients_rate_the_alliance_as_they_usually_do(default_clinic: Result) -> None:
    assert 40 <= default_clinic.sessions["wai_sr_client"].mean() <= 56  # type: ignore[operator]


def test_distress_at_intake_is_that_of_a_clinic(default_clinic: Result) -> None:
    assert 15 <= default_clinic.clients["core_10_intake"].mean() <= 25  # type: ignore[operator]


def test_most_clients_are_satisfied_as_they_usually_are(default_clinic: Result) -> None:
    assert 22 <= default_clinic.clients["csq_8_last"].mean() <= 31  # type: ignore[operator]


def test_clients_get_better_on_the_whole_and_not_all_do(default_clinic: Result) -> None:
    clients = default_clinic.clients.drop_nulls("core_10_last")
    change = clients["core_10_intake"] - clients["core_10_last"]
    assert change.mean() > 1  # type: ignore[operator]
    assert (change < 0).mean() > 0.02  # type: ignore[operator]


def test_boundary_violations_are_rare_and_crossings_are_not(default_clinic: Result) -> None:
    clients = default_clinic.clients
    assert clients["boundary_violation"].mean() < 0.01  # type: ignore[operator]
    assert clients["boundary_crossings"].sum() > 0
