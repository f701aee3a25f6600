"""A statistic that cannot be estimated is not printed as a number, and says why with its n."""

from __future__ import annotations

import random

import pytest

from experiments.calibration.real_data import targets_from_records
from experiments.records.describe import describe_records
from experiments.records.reading import read_records
from simulation.errors import AllianceError


def described(records):
    found = describe_records(records, studies=0)
    return {row.id: row for row in found.rows}, {one.id: one.reason for one in found.not_described}


def table(clients: int, *, caseload: int, rated: int, separated: bool = False) -> str:
    """Courses of six sessions with chance scores; dropouts are those of every third therapist."""
    draw = random.Random(4)
    rows = ["client,therapist,session,wai_sr,phq9,ended"]
    for client in range(clients):
        therapist = client // caseload if caseload > 1 else client
        left = therapist % 3 == 0 if separated else draw.random() < 0.3
        low = 20 if separated and left else 42
        for session in range(1, 3 if left else 7):
            wai = draw.randint(low, low + 12) if client < rated else ""
            rows.append(
                f"{client},{therapist},{session},{wai},{draw.randint(4, 20)},"
                f"{'dropped out' if left else 'completed'}"
            )
    return "\n".join(rows) + "\n"


def test_separation_is_no_number(write):
    rows, reasons = described(read_records(write(table(60, caseload=10, rated=60, separated=True))))
    for name in ("F34", "F34p", "A9"):
        assert name not in rows
        assert reasons[name].startswith("not estimable, because alliance")
        assert "20 of n = 60 dropped out" in reasons[name]
    mixed, _ = described(read_records(write(table(60, caseload=10, rated=60))))
    assert {"F34", "F34p", "A9"} <= mixed.keys()
    assert all(abs(mixed[name].yours) < 100 for name in ("F34", "F34p", "A9"))


def test_one_client_a_therapist_gives_no_slope_within_therapists(write):
    records = read_records(write(table(40, caseload=1, rated=8)))
    rows, reasons = described(records)
    assert "F44" not in rows
    assert reasons["F44"] == (
        "not estimable, because no therapist has two clients with alliance and outcome (n = 5)"
    ), "three of the eight who rated left before session 3"
    assert "F44" in described(read_records(write(table(40, caseload=8, rated=40))))[0]


@pytest.mark.parametrize(("caseload", "known"), [(24, False), (16, True)])
def test_a_slope_between_therapists_needs_three_of_them(write, caseload, known):
    rows, reasons = described(read_records(write(table(48, caseload=caseload, rated=48))))
    assert ("F42" in rows) == known
    if not known:
        assert reasons["F42"].startswith("not estimable, because there are 2 therapists")


@pytest.mark.parametrize(("rated", "known"), [(19, False), (20, True)])
def test_a_hazard_needs_twenty_clients_who_rated_the_alliance(write, rated, known):
    rows, reasons = described(read_records(write(table(60, caseload=10, rated=rated))))
    assert ("F34" in rows) == known
    assert known or "(n = 19)" in reasons["F34"]


def test_n_counts_the_clients_who_have_what_a_statistic_needs(write):
    text = table(40, caseload=8, rated=25)
    rows, _ = described(read_records(write(text)))
    assert rows["F23"].n == 40, "all have an ending"
    assert rows["F87"].n == 40, "all have symptom scores"
    assert rows["F74"].n == 25, "so many rated the alliance"
    assert rows["F42"].n == 25
    nobody = text.replace("dropped out", "").replace("completed", "")
    assert "F23" not in described(read_records(write(nobody)))[0]


def test_n_is_what_was_used_where_no_ending_is_known(write):
    text = table(40, caseload=8, rated=25)
    codes = text.replace("dropped out", "2").replace("completed", "1")
    known, unknown = (
        described(read_records(write(text)))[0],
        described(read_records(write(codes)))[0],
    )
    assert "F23" not in unknown
    assert {name: row.n for name, row in unknown.items()} == {
        name: known[name].n for name in unknown
    }
    assert {"F01", "F39", "F87"} <= unknown.keys()
    some = text.replace("dropped out", "2")
    assert described(read_records(write(some)))[0]["F87"].n == 40


def test_sessions_to_average_are_not_never_where_nobody_rated_twice(write):
    text = "client,session,wai_sr,phq9\n1,1,40,18\n2,1,44,12\n3,1,30,9\n"
    rows, reasons = described(read_records(write(text)))
    assert {"F60", "F60n", "F60m"}.isdisjoint(rows)
    assert reasons["F60n"].endswith("(n = 0)")


def test_a_score_of_unknown_range_gives_what_needs_no_range(write):
    text = table(60, caseload=10, rated=60).replace("wai_sr", "wai").replace("phq9", "symptom")
    rows, reasons = described(read_records(write(text)))
    assert {"F01", "F53", "F87"} <= rows.keys()
    assert "--alliance-range" in reasons["F74"]
    assert "--symptom-range" in reasons["F115"]
    assert "cut-off" in reasons["F81"]
    known, _ = described(read_records(write(text), alliance_range=(12, 60), symptom_range=(0, 27)))
    assert "F74" in known
    assert known["F01"].yours == pytest.approx(rows["F01"].yours)


@pytest.mark.parametrize(
    ("alliance", "symptom", "lost"),
    [
        ("wai_sr", "core_10", {}),
        ("wai_sr", "phq9", {"F115": "in points of the CORE-10; your scores are PHQ-9"}),
        ("haq", "core_10", {"F75": "in points of the WAI-SR; your scores are HAq-II"}),
    ],
)
def test_points_of_one_questionnaire_are_not_those_of_another(write, alliance, symptom, lost):
    text = table(60, caseload=10, rated=60).replace("wai_sr", alliance).replace("phq9", symptom)
    records = read_records(write(text))
    rows, reasons = described(records)
    assert {name: reasons[name] for name in ("F75", "F115") if name in reasons} == lost
    assert {"F75", "F115"} - rows.keys() == lost.keys()
    fitted = {row.id for row in targets_from_records(records).rows}
    assert {"F75", "F115"} - fitted == lost.keys(), "a calibration uses what describe shows"


def test_item_means_are_points_of_their_sum(write):
    sums = table(60, caseload=10, rated=60)
    rows = [line.split(",") for line in sums.splitlines()]
    for row in rows[1:]:
        row[3] = f"{float(row[3]) / 12:.6f}"
    means = described(read_records(write("\n".join(map(",".join, rows)), "means.csv")))[0]
    assert means["F75"].yours == pytest.approx(described(read_records(write(sums)))[0]["F75"].yours)


def test_item_means_that_fit_two_ranges_are_left_open(write):
    text = table(60, caseload=10, rated=60).replace("wai_sr", "wai")
    rows = [line.split(",") for line in text.splitlines()]
    for row in rows[1:]:
        row[3] = f"{1 + (float(row[3]) - 12) / 12:.2f}"
    records = read_records(write("\n".join(map(",".join, rows))))
    assert "wai could be 1 to 5 or 1 to 7" in " ".join(records.notes)
    assert "F74" in described(records)[1]
    five, seven = (
        described(read_records(records.path, alliance_range=(1, high)))[0]["F74"].yours
        for high in (5, 7)
    )
    assert five > seven


def test_nothing_is_fitted_that_is_not_described(write):
    records = read_records(write(table(60, caseload=10, rated=60).replace("phq9", "symptom")))
    rows, _ = described(records)
    fitted = {target.id for target in targets_from_records(records).rows}
    assert fitted
    assert fitted <= rows.keys()
    with pytest.raises(AllianceError, match="--alliance-range"):
        read_records(records.path, alliance_range=(0, 1))
