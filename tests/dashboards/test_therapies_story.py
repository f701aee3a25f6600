"""The log tells what the record holds, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.therapies.playing import counterfactuals, play
from dashboards.therapies.story import (
    CLEAR,
    SLIGHT,
    changes,
    disagreements,
    log,
    situation_text,
    tell,
)
from dashboards.therapies.summary import summary
from dashboards.therapies.therapy import Record, Setup, Situation, Therapy
from dashboards.therapies.wording import ENDED, FRAME, HINDRANCE, QUIET, UNMOVED, share
from simulation import Parameters

RUPTURES = {"none": 0.0, "withdrawal": 1.0, "confrontation": 2.0}
FRAMES = {"none": 0.0, "held": 1.0, "crossing": 2.0, "rebuff": 3.0, "violation": 4.0}
ENDINGS = {"completed": 1.0, "dropped_out": 2.0, "session_limit": 3.0, "boundary_violation": 4.0}


@pytest.fixture(scope="module")
def therapy() -> Therapy:
    """Return a long therapy."""
    played = play(Setup.of("exacting", "clear", number=49), "llhcab")
    assert len(played) == 12
    return played


def session(record: Record, **events: float) -> Record:
    """Return a session in which nothing moved and only `events` happened."""
    quiet = {"rupture": 0.0, "noticed": 0.0, "repaired": 0.0, "boundary_event": 0.0, "ending": 0.0}
    return replace(
        record,
        stance="o",
        after=record.before._replace(session=record.after.session),
        events=record.events._replace(**{**quiet, **events}),
    )


def told(therapy: Therapy, **events: float) -> str:
    return tell(replace(therapy, records=(session(therapy.records[0], **events),)), 1)


@pytest.mark.parametrize("kind", ["withdrawal", "confrontation"])
@pytest.mark.parametrize("outcome", ["missed", "noticed", "repaired"])
def test_a_rupture_is_told_with_what_became_of_it(therapy, kind, outcome) -> None:
    text = told(
        therapy,
        rupture=RUPTURES[kind],
        noticed=float(outcome != "missed"),
        repaired=float(outcome == "repaired"),
    )
    assert HINDRANCE[kind, outcome][0] in text
    assert sum(options[0] in text for options in HINDRANCE.values()) == 1
    assert not any(sentence in text for sentence in QUIET)


@pytest.mark.parametrize("event", ["held", "crossing", "rebuff", "violation"])
def test_a_test_of_the_frame_is_told_with_the_answer_to_it(therapy, event) -> None:
    text = told(therapy, boundary_event=FRAMES[event])
    assert FRAME[event][0] in text
    assert sum(options[0] in text for options in FRAME.values()) == 1
    assert not any(sentence in text for sentence in QUIET)


def test_a_session_in_which_nothing_happened_says_so(therapy) -> None:
    text = told(therapy)
    assert text.startswith(f"Session 1. {QUIET[0]} {UNMOVED[0]}")


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_every_ending_is_told(therapy, ending) -> None:
    assert told(therapy, ending=ENDINGS[ending]).endswith(ENDED[ending])
    assert not any(sentence in told(therapy) for sentence in ENDED.values())


@pytest.mark.parametrize("name", ["trust", "distress"])
@pytest.mark.parametrize("sign", [1, -1])
def test_changes_are_told_by_their_direction_and_size(therapy, name, sign) -> None:
    record = session(therapy.records[0])
    verb = "rose" if sign > 0 else "fell"
    for size, words in (
        (0.9 * SLIGHT[name], None),
        (1.1 * SLIGHT[name], "a little"),
        (1.1 * CLEAR[name], "clearly"),
    ):
        after = record.after._replace(**{name: getattr(record.before, name) + sign * size})
        text = changes(replace(record, after=after))
        if words is None:
            assert text in UNMOVED
        else:
            assert text == f"{name.capitalize()} {verb} {words}."


def test_a_change_of_the_alliance_is_told_from_all_three_parts(therapy) -> None:
    record = session(therapy.records[0])
    before = record.before
    up = {part: getattr(before, part) + 0.11 for part in ("bond", "task", "goal")}
    after = before._replace(**up, trust=before.trust - 0.04)
    assert changes(replace(record, after=after)) == (
        "Trust fell a little and the alliance rose clearly."
    )


def test_questionnaires_that_contradict_what_is_felt_are_told(therapy) -> None:
    first, second = therapy.records[:2]
    level = 40.0 * second.after.distress
    plain = second.reports._replace(wai_sr_client=40.0, wai_sr_therapist=40.0, core_10=round(level))
    up = {part: getattr(second.before, part) + 0.1 for part in ("bond", "task", "goal")}
    second = replace(second, after=second.before._replace(**up, distress=level / 40.0))

    def said(before: float, **reports: float) -> list[str]:
        records = (
            replace(first, reports=plain._replace(wai_sr_client=before)),
            replace(second, reports=plain._replace(**reports)),
        )
        return disagreements(replace(therapy, records=records), 2)

    assert said(40.0) == []
    assert said(45.0) == [
        "On the WAI-SR they rated the alliance 5 points lower than last time, though it felt closer."
    ]
    assert said(35.0) == []
    (worse,) = said(40.0, core_10=round(level) + 7.0)
    assert "look worse than they feel" in worse
    (better,) = said(40.0, core_10=round(level) - 7.0)
    assert "look better than they feel" in better
    assert said(40.0, wai_sr_therapist=56.0) == [
        "The therapist rated the alliance 16 points higher than the client did."
    ]
    assert said(24.0, wai_sr_therapist=56.0) == []


def test_a_log_has_one_entry_a_session_and_is_the_same_every_time(therapy) -> None:
    assert len(log(therapy)) == len(therapy)
    assert log(therapy) == log(play(therapy.setup, "llhcab"))
    assert log(therapy)[:5] == log(therapy.until(5))
    assert "!" not in " ".join(log(therapy))
    assert "The therapist asked for work" in log(therapy)[3]


def test_what_a_therapist_can_see_holds_no_number_of_the_model() -> None:
    texts = {
        situation_text(Situation(2, tests, strain, kind, unspoken, tension))
        for tests in (True, False)
        for strain in (0.0, 0.4)
        for tension in (0.0, 0.2, 0.7)
        for kind, unspoken in (
            ("none", False),
            ("withdrawal", True),
            ("withdrawal", False),
            ("confrontation", True),
            ("confrontation", False),
        )
    }
    assert len(texts) == 60
    for text in texts:
        assert text.startswith("Session 2. ")
        assert not any(letter.isdigit() for letter in text.removeprefix("Session 2."))
    assert situation_text(Situation(2, False, 0.0)) == (
        "Session 2. They seem at ease. Nothing is tested and there is no tension: this choice hardly matters."
    )
    for tension, words in ((0.2, "a small tension"), (0.4, "a small"), (0.41, "a marked tension")):
        assert words in situation_text(Situation(2, False, 0.0, tension=tension))
    assert sum("hardly matters" in text for text in texts) == 1
    assert "first time" in situation_text(Situation(1, False, 0.0))
    assert "does not allow" in situation_text(Situation(1, True, 0.0))


def test_the_summary_counts_what_the_records_hold(therapy) -> None:
    text = summary(therapy)
    torn = [record for record in therapy.records if record.rupture != "none"]
    assert (len(torn), sum(r.noticed for r in torn), sum(r.repaired for r in torn)) == (4, 3, 1)
    assert "There were four ruptures: three noticed, one repaired." in text
    assert text.startswith("12 sessions held; the therapy ended as planned.")
    ends = {
        name: f"from {share(getattr(therapy.start, name))} to {share(getattr(therapy.state, name))}"
        for name in ("alliance", "trust", "distress")
    }
    assert (
        f" The alliance rose {ends['alliance']}, trust rose {ends['trust']}, and distress fell {ends['distress']}. "
    ) in text
    core = therapy.records[-1].reports.core_10
    assert (
        f"read {therapy.core_10_intake:.0f} before the first session and {core:.0f} after" in text
    )
    assert "still going on" in summary(therapy.until(3))
    assert summary(therapy.until(0)) == "No session has been held yet."


def test_the_summary_tells_the_answers_to_tests_of_the_frame() -> None:
    setup = Setup.of("clinging", "clear", Parameters(test_base=4.0, dropout_first=-9.0), number=3)
    text = summary(play(setup, "hb", 2))
    assert "The frame was tested two times: one held, one bent." in text


def test_the_summary_tells_what_other_choices_would_have_done(therapy) -> None:
    others = counterfactuals(therapy.setup, "llhcab", 4)
    text = summary(therapy, others, 4)
    assert "The other choices in session 4, under the same luck." in text
    for code, title in (("l", "Listen"), ("a", "Address the tension")):
        assert f"“{title}”" in text
        gap = others[code].until(4).state.alliance - therapy.until(4).state.alliance
        if abs(gap) >= 0.005:
            words = f"{share(abs(gap))} {'higher' if gap > 0 else 'lower'} after it"
            assert re.search(rf"“{title}”[^:]* in its place: the alliance {re.escape(words)}", text)
    alike = summary(therapy, {"l": others["a"], "c": others["a"], "a": others["a"]}, 4)
    assert alike.count("in its place") == 1
    assert "“Listen”, “Challenge” or “Address the tension” in its place: " in alike
    same = dict.fromkeys(others, therapy)
    assert "would have changed next to nothing" in summary(therapy, same, 4)
    ended = replace(therapy, records=therapy.records[:6])
    assert "would still be going on after six sessions" in summary(therapy, {"l": ended}, 4)
    last = therapy.records[5]
    sooner = replace(last, events=last.events._replace(ending=ENDINGS["completed"]))
    shorter = replace(therapy, records=(*therapy.records[:5], sooner))
    assert "the therapy would have ended as planned after six sessions" in summary(
        therapy, {"l": shorter}, 4
    )


def test_what_other_choices_would_have_done_has_one_name_everywhere() -> None:
    root = Path(__file__).resolve().parents[2]
    houses = ("dashboards/therapies", "dashboards/rooms", "dashboards/lessons", "docs")
    places = [one for house in houses for one in (root / house).rglob("*")]
    read = [one for one in places if one.suffix in {".py", ".md", ".toml"}]
    assert len(read) > 50
    for place in read:
        # How a line is drawn has a name of its own in `dashboards.charts.figures`; nobody reads it on a page.
        text = place.read_text("utf-8").lower().replace('role="ghost"', "")
        assert not re.search(r"\bghosts?\b|\bpale\b", text), place
