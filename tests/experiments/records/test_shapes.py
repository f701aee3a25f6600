"""Tables of another shape than one row a session: recognised, said, and made long."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.records.reading import read_records
from simulation.errors import AllianceError
from tests.experiments.records.looked_at import panel, said

nan = np.nan


def equal(values, wanted) -> bool:
    return np.array_equal(np.asarray(values), np.array(wanted), equal_nan=True)


WIDE = (
    "id,therapist,wai_1,wai_2,wai_3,phq9_0,phq9_1,phq9_2,phq9_3\n"
    "1,A,50,51,53,18,17,15,12\n2,A,40,42,,15,15,16,\n3,B,55,56,57,12,10,8,6\n"
)


def test_a_wide_table_is_made_long(write):
    records = read_records(write(WIDE))
    assert (records.clients, records.sessions, records.therapists) == (3, 8, 2)
    assert equal(panel(records), [[50, 51, 53], [40, 42, nan], [55, 56, 57]])
    assert records.tables.client("core_10_intake").tolist() == [19.0, 16.0, 13.0]
    assert "3 rows are reshaped to 11" in said(records)


@pytest.mark.parametrize(
    ("first", "second"),
    [("wai_s1", "wai_s2"), ("WAI1", "WAI2"), ("s1_wai", "s2_wai"), ("wai.Sitzung1", "wai.Sitzung2"),
     ("wai session 1", "wai session 2"), ("wai_01", "wai_02")],
)  # fmt: skip
def test_sessions_are_found_however_the_columns_are_numbered(write, first, second):
    records = read_records(write(f"klient,{first},{second}\n7,40,44\n8,30,\n"))
    assert equal(panel(records), [[40, 44], [30, nan]])


def test_one_row_a_course_with_scores_before_and_after(write):
    text = (
        "patient;Therapeut;PHQ9_prä;PHQ9_post;sessions;Abbruch\n1;A;18;9;3;nein\n2;B;15;14;2;ja\n"
    )
    records = read_records(write(text))
    assert records.tables.sessions_attended.tolist() == [3, 2]
    assert records.tables.client("core_10_intake").tolist() == [19.0, 16.0]
    assert records.tables.client("core_10_last").tolist() == [10.0, 15.0]
    assert records.tables.dropped_out.tolist() == [False, True]


def test_a_second_row_of_a_client_in_a_wide_table_is_named(write):
    rows = "".join(f"{n},2024-01-01,18,9\n" for n in range(1, 21))
    head = "client,date,phq9_pre,phq9_post\n"
    assert "look" not in said(read_records(write(head + rows)))
    records = read_records(write(head + rows + "7,2024-03-01,12,6\n"))
    assert "By phq9_pre and phq9_post it looks like a wide table" in said(records)
    assert "a second row in row 22," in said(records)


def test_items_are_not_taken_for_sessions(write):
    items = ",".join(f"phq9_{i}" for i in range(1, 10))
    text = f"client,{items}\n1,{',3' * 9}\n".replace(",,", ",")
    with pytest.raises(AllianceError, match="look like the 9 items"):
        read_records(write(text + f"2{',1' * 9}\n"))


def test_an_item_is_not_taken_for_the_score(write):
    text = "client,session,phq9_item9,phq9_1,phq9_2,phq9_sum\n1,1,1,2,3,18\n1,2,0,1,1,15\n"
    records = read_records(write(text))
    assert records.columns["symptom"] == "phq9_sum"


def test_a_client_whose_cells_are_all_empty_is_left_out_and_counted(write):
    records = read_records(write(WIDE + "4,B,,,,,,,\n"))
    assert records.clients == 3
    assert records.rows_left_out == 1
    assert "Left out row 5: no session has an entry" in said(records)


REDCAP = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,wai_total,phq9_total\n"
    "1,baseline_arm_1,,,,18\n1,treatment_arm_1,session,1,50,17\n1,treatment_arm_1,session,2,51,14\n"
    "2,baseline_arm_1,,,,12\n2,treatment_arm_1,session,1,44,13\n"
)


def test_repeating_instruments_of_redcap_are_sessions(write):
    records = read_records(write(REDCAP))
    assert records.columns["client"] == "record_id"
    assert (records.clients, records.sessions, records.rows_left_out) == (2, 3, 0)
    assert equal(panel(records), [[50, 51], [44, nan]])
    assert records.tables.client("core_10_intake").tolist() == [19.0, 13.0]


def test_rows_of_redcap_for_several_instruments_are_put_together(write):
    text = (
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,wai_sr,phq9\n"
        "1,wai,1,50,\n1,phq,1,,17\n1,wai,2,51,\n1,phq,2,,14\n1,follow,,,\n"
    )
    records = read_records(write(text))
    assert equal(panel(records), [[50, 51]])
    assert equal(panel(records, "core_10"), [[18, 15]])
    assert records.rows_left_out == 1
    assert "Put together with another of the same client and session: rows 3, 5." in said(records)
    assert "Left out row 6: neither an instance nor an event" in said(records)


def test_rows_of_redcap_belong_to_the_client_that_the_user_names(write):
    text = (
        "site,xcode,redcap_repeat_instrument,redcap_repeat_instance,wai_sr,phq9\n"
        "a,1,wai,1,50,\na,2,wai,1,40,\na,1,phq,1,,17\na,2,phq,1,,9\n"
    )
    for name in ("xcode", "XCODE"):
        records = read_records(write(text), client=name)
        assert (records.clients, records.rows_left_out) == (2, 0)
        assert equal(panel(records), [[50], [40]])
        assert equal(panel(records, "core_10"), [[18], [10]])


def test_an_event_after_therapy_of_redcap_gives_the_last_score_and_the_ending(write):
    text = (
        "record_id,redcap_event_name,redcap_repeat_instance,wai_sr,phq9,ended\n"
        "1,enrolment_arm_1,,,18,\n1,therapy_arm_1,1,50,17,\n1,discharge_arm_1,,,9,completed\n"
        "2,enrolment_arm_1,,,12,\n2,therapy_arm_1,1,44,13,\n"
    )
    records = read_records(write(text))
    assert (records.clients, records.sessions, records.rows_left_out) == (2, 2, 0)
    assert records.tables.client("core_10_intake").tolist() == [19.0, 13.0]
    assert records.tables.client("core_10_last").tolist() == [10.0, 14.0]
    assert records.tables.status_is("completed").tolist() == [True, False]


@pytest.mark.parametrize("event", ["", "event_1_arm_1,"])
def test_what_a_record_of_redcap_has_once_is_its_intake(write, event):
    """A project without events, or with one alone, has no word for the row of the record itself."""
    name = "redcap_event_name," if event else ""
    text = (
        f"record_id,{name}redcap_repeat_instrument,redcap_repeat_instance,therapist,phq9,wai_sr\n"
        f"1,{event},,A,18,\n1,{event}session,1,,17,50\n2,{event},,B,12,\n2,{event}session,1,,13,44\n"
    )
    records = read_records(write(text))
    assert (records.clients, records.sessions, records.therapists) == (2, 2, 2)
    assert records.rows_left_out == 0
    assert records.tables.client("core_10_intake").tolist() == [19.0, 13.0]
    assert "Taken for session 0, for a record has them once: rows 2, 4." in said(records)


def test_an_instrument_of_redcap_that_has_nothing_that_is_read_counts_no_sessions(write):
    """Five medicines are no five sessions; a session of which only notes were taken is one."""
    text = (
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,wai_sr,medicine,notes\n"
        "1,wai,1,50,,\n1,wai,2,51,,\n1,medication,1,,A,\n1,medication,5,,B,\n"
        "2,wai,1,44,,\n2,session_notes,1,,,x\n2,session_notes,2,,,y\n"
    )
    records = read_records(write(text))
    assert records.tables.sessions_attended.tolist() == [2, 2]
    assert records.rows_left_out == 2
    assert "rows 4, 5: neither" in said(records)
    assert "nothing that is read: medication." in said(records)


def test_an_export_of_redcap_with_labels(write):
    text = (
        "Record ID,Event Name,Repeat Instrument,Repeat Instance,WAI total,PHQ-9 total\n"
        "1,Baseline (Arm 1: With feedback),,,,18\n1,Therapy (Arm 1: With feedback),Session,1,50,17\n"
        "2,Baseline (Arm 2: As usual),,,,12\n2,Therapy (Arm 2: As usual),Session,1,44,13\n"
        "2,Session 2 (Arm 2: As usual),,,45,11\n"
    )
    records = read_records(write(text))
    assert (records.clients, records.sessions, records.rows_left_out) == (2, 3, 0)
    assert equal(panel(records), [[50, nan], [44, 45]])


EVENTS_WITH_LABELS = (
    "{},Event Name,{}WAI total,PHQ-9 total\n1,Baseline (Arm 1: X),{}18\n1,Session 1 (Arm 1: X),{}50,17\n"
    "1,Session 2 (Arm 1: X),{}51,16\n2,Baseline (Arm 2: Y),{}12\n2,Session 1 (Arm 2: Y),{}44,13\n"
)


@pytest.mark.parametrize(
    ("client", "further", "cell"),
    [("Record ID", "", ""), ("Study ID", "Survey Identifier,", ","), ("Study ID", "Data Access Group,", "north,")],
)  # fmt: skip
def test_an_export_of_redcap_with_labels_and_events_alone(write, client, further, cell):
    """A longitudinal project in which nothing repeats has no columns for instances."""
    baseline = f"{cell},"
    text = EVENTS_WITH_LABELS.format(client, further, baseline, cell, cell, baseline, cell)
    records = read_records(write(text), client=client)
    assert (records.clients, records.sessions, records.rows_left_out) == (2, 3, 0)
    assert equal(panel(records), [[50, 51], [44, nan]])
    assert records.tables.client("core_10_intake").tolist() == [19.0, 13.0]


@pytest.mark.parametrize("name", ["session", "Session", "SESSION"])
def test_a_column_session_beside_those_of_redcap_is_asked_about(write, name):
    """It would be taken for the session silently, whatever its letters."""
    header, *lines = REDCAP.splitlines()
    path = write(
        "\n".join([f"{header},{name}", *(f"{line},{n}" for n, line in enumerate(lines)), ""])
    )
    with pytest.raises(AllianceError, match=f"called '{name}': say --session {name} if"):
        read_records(path)
    assert read_records(path, session=name).columns["session"] == name


@pytest.mark.parametrize("name", ["xcode", "XCODE"])
def test_the_client_that_the_user_names_makes_a_table_wide_or_ordered(write, name):
    wide = read_records(write("xcode,wai_1,wai_2\np,40,41\nq,50,51\n"), client=name)
    ordered = read_records(write("xcode,wai\np,40\nq,50\np,41\nq,51\n"), client=name)
    for records in (wide, ordered):
        assert equal(panel(records), [[40, 41], [50, 51]])


QUALTRICS = (
    "StartDate,Status,RecordedDate,ResponseId,RecipientEmail,client,session,wai_sr\n"
    "Start Date,Response Type,Recorded Date,Response ID,Email,Code,Session,Sum\n"
    + ",".join(f'"{{""ImportId"":""q{i}""}}"' for i in range(8))
    + "\n2024-02-01 10:00,IP Address,2024-02-01 10:05,R1,,1,1,40\n"
    "2024-02-08 10:00,IP Address,2024-02-08 10:05,R2,,1,2,44\n"
    "2024-02-08 10:00,Survey Preview,2024-02-08 10:05,R3,,9,1,12\n"
)


def test_three_header_rows_of_qualtrics(write):
    records = read_records(write(QUALTRICS))
    assert equal(panel(records), [[40, 44]])
    assert "ended" not in records.columns
    assert records.columns["date"] == "RecordedDate"
    assert records.rows_left_out == 1
    assert "Left out row 6: previews" in said(records)


def test_qualtrics_without_its_further_header_rows(write):
    """They are deleted before other programs read the file; a status is none of therapy then, either."""
    lines = QUALTRICS.replace("StartDate,", "StartDate,EndDate,Progress,Finished,").splitlines()
    rows = [line.replace(" 10:00,", " 10:00,,100,1,", 1) for line in lines]
    records = read_records(write("\n".join([rows[0], *rows[3:]])))
    assert equal(panel(records), [[40, 44]])
    assert "ended" not in records.columns
    assert records.rows_left_out == 1
    assert "Left out row 4: previews" in said(records)


def test_words_for_sessions(write):
    text = "client,session,phq9\n1,Intake,18\n1,Session 1,17\n1,Session 2,15\n2,pre,12\n2,1,11\n2,post,8\n"
    records = read_records(write(text))
    assert records.rows_left_out == 0
    assert records.tables.sessions_attended.tolist() == [2, 1]
    assert records.tables.client("core_10_intake").tolist() == [19.0, 13.0]
    assert records.tables.client("core_10_last").tolist() == [16.0, 9.0]
    assert equal(panel(records, "core_10"), [[18, 16], [12, nan]])


def test_a_course_that_begins_again_after_a_year_is_another(write):
    text = "UniqueClientID,Date,TherapistID,Distress\n" + "".join(
        f"{client},{day},{client},{score}\n"
        for client in (1, 2)
        for day, score in (("2020-09-02", 20), ("2020-09-09", 17), ("2022-02-02", 22), ("2022-02-09", 19))
    )  # fmt: skip
    records = read_records(write(text))
    assert (records.clients, records.sessions) == (4, 4 * 2)
    assert records.tables.sessions_attended.tolist() == [2, 2, 2, 2]
    assert "2 of 2 clients come again after 365 days or more: 4 courses" in said(records)
    assert read_records(write(text), pause=0).clients == 2


def test_a_later_course_counts_its_sessions_from_one(write):
    text = "client,session,date,phq9\n1,1,2020-01-01,9\n1,2,2020-01-08,8\n1,3,2022-01-01,7\n1,4,2022-01-08,6\n"
    records = read_records(write(text))
    assert equal(panel(records, "core_10"), [[10, 9], [8, 7]])


def test_courses_by_a_column_of_their_own(write):
    text = "client,episode,session,wai_sr\n1,1,1,40\n1,2,1,50\n"
    assert equal(panel(read_records(write(text))), [[40], [50]])


def test_the_clients_rating_is_the_clients_wherever_it_stands(write):
    text = (
        "client,session,WAI_therapist,WAI_patient,phq9,phq9_item9\n1,1,50,40,18,1\n1,2,52,41,15,0\n"
    )
    records = read_records(write(text))
    assert equal(panel(records), [[40, 41]])
    assert equal(panel(records, "wai_sr_therapist"), [[50, 52]])
    short = read_records(write("pat_id,sess_no,WAI_Th,WAI_Pat\n1,1,50,40\n"))
    assert dict(short.columns) == {
        "client": "pat_id", "session": "sess_no", "alliance": "WAI_Pat", "alliance_therapist": "WAI_Th",
    }  # fmt: skip
    only = read_records(write("client,session,WAI_therapist\n1,1,50\n"))
    assert "alliance" not in only.columns


def test_without_session_or_date_rows_are_taken_in_their_order_and_it_is_said(write):
    records = read_records(write("client,wai_sr\n1,40\n2,30\n1,44\n"))
    assert equal(panel(records), [[40, 44], [30, nan]])
    assert "in their order" in said(records)
    with pytest.raises(AllianceError, match="--session NAME"):
        read_records(write("client,wai_sr\n1,40\n2,30\n"))
