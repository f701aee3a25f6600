"""Where sessions are seen through scores at some of them alone, nothing is said of when clients left."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.records import read_records
from experiments.records.describe import describe_records
from experiments.records.estimates import Estimates
from experiments.records.measured_sessions import measured_sessions, measured_text
from tests.experiments.records.looked_at import said

SEEN = "cannot be estimated: sessions are only seen through scores at every third session"
CLIENTS = 40


def held(client: int) -> int:
    """Return how many sessions a client had: a quarter left after one or two."""
    return 1 + client % 2 if client % 4 == 0 else 4 + client % 9


def scores(client: int, session: int) -> tuple[int, int]:
    return 40 + (client * 7 + session) % 13, 18 - session + (client * 5) % 7


def ending(client: int) -> str:
    return "dropout" if client % 4 == 0 or client % 7 == 1 else "completed"


def one_row_a_session() -> str:
    rows = ["id,session,wai_sr,phq9,ended"]
    for client in range(CLIENTS):
        rows += [
            ",".join(
                [str(client), str(session)]
                + [str(one) if session % 3 == 0 else "" for one in scores(client, session)]
                + [ending(client)]
            )
            for session in range(held(client) + 1)
        ]
    return "\n".join(rows) + "\n"


def one_row_a_client(*, counted: bool) -> str:
    measured = range(0, 13, 3)
    names = [f"{name}_{session}" for session in measured for name in ("wai_sr", "phq9")]
    rows = [",".join(["id", "ended", *names, *(["Sitzungen_gesamt"] if counted else [])])]
    for client in range(CLIENTS):
        cells = [str(client), ending(client)]
        for session in measured:
            cells += [
                str(one) if session <= held(client) else "" for one in scores(client, session)
            ]
        rows.append(",".join(cells + ([str(held(client))] if counted else [])))
    return "\n".join(rows) + "\n"


def one_row_a_client_of_redcap() -> str:
    rows = [
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,wai_sr,phq9,ended"
    ]
    for client in range(CLIENTS):
        for session in range(0, held(client) + 1, 3):
            alliance, symptom = scores(client, session)
            event = "therapy_arm_1,sheet," + str(session) if session else "baseline_arm_1,,"
            rows.append(f"{client},{event},{alliance},{symptom},{ending(client)}")
    return "\n".join(rows) + "\n"


def reasons(records) -> dict[str, str]:
    return {one.id: one.reason for one in describe_records(records, studies=0).not_described}


@pytest.mark.parametrize(
    "text", [one_row_a_client(counted=False), one_row_a_client_of_redcap()], ids=["wide", "redcap"]
)
def test_what_needs_to_know_when_clients_left_is_not_estimated(write, text):
    records = read_records(write(text))
    assert records.measured == (3, 6, 9, 12)
    assert "10 clients have no session score; they count as never started" in said(records)
    lost = reasons(records)
    assert {lost[name] for name in ("F23", "F25", "F28", "F28h", "F30")} == {SEEN}
    assert "F33" not in lost
    assert Estimates(records).of("dropout_rate", {"definition": "few_sessions"}) == SEEN


def test_one_row_a_session_says_when_clients_left(write):
    records = read_records(write(one_row_a_session()))
    assert records.measured == ()
    left = np.array([ending(client) == "dropout" for client in range(CLIENTS)])
    found = Estimates(records)
    assert found.of("dropout_rate", {}).value == pytest.approx(left.mean())
    assert found.of("early_dropout_share", {}).value == pytest.approx(10 / left.sum())


def test_a_wide_table_that_counts_sessions_says_what_one_row_a_session_does(write):
    wide = read_records(write(one_row_a_client(counted=True)))
    long = read_records(write(one_row_a_session(), "long.csv"))
    assert wide.measured == ()
    assert "Sitzungen_gesamt is read as the number of sessions held." in wide.notes
    assert wide.tables.sessions_attended.tolist() == long.tables.sessions_attended.tolist()
    values = [
        {row.id: row.yours for row in describe_records(records, studies=0).rows}
        for records in (wide, long)
    ]
    assert values[0].keys() == values[1].keys() >= {"F23", "F28", "F30"}
    assert values[0] == pytest.approx(values[1])


def test_clients_with_intake_alone_are_said(write):
    records = read_records(
        write("id,session,phq9\n1,0,18\n2,0,15\n2,1,14\n3,0,12\n3,1,10\n3,2,9\n")
    )
    assert (
        "1 client has no session but session 0 or a last score; they count as never started: row 2."
        in said(records)
    )


@pytest.mark.parametrize(
    ("sessions", "text"),
    [
        ([3, 6, 9], "every third session"),
        ([1, 5, 9], "every fourth session"),
        ([1, 4, 8], "sessions 1, 4, 8"),
        ([10, 20], "sessions 10, 20"),
        ([6], "session 6"),
    ],
)
def test_which_sessions_are_measured_is_said(sessions, text):
    assert measured_text(sessions) == text


def test_a_session_that_few_have_missed_is_none_that_is_not_measured():
    client = np.repeat(np.arange(12), 4)
    session = np.tile([1, 2, 3, 4], 12)
    one_missing = (client != 5) | (session != 2)
    assert measured_sessions(client[one_missing], session[one_missing]) == ()
    nobody = session != 2
    assert measured_sessions(client[nobody], session[nobody]) == (1, 3, 4)
    few = nobody & (client < 9)
    assert measured_sessions(client[few], session[few]) == ()
