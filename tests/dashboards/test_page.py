"""The class in one file: what is in it, what it asks of the world (nothing), and what a teacher may set."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import pytest

from dashboards.addresses.parameter_controls import bounds
from dashboards.addresses.qr import qr_code
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.predictions import answers, assess
from dashboards.lessons.running import result_of
from dashboards.page.bundling import bundle
from dashboards.page.clinic import clinic
from dashboards.page.document import Contents, page
from dashboards.page.lessons import finished_lessons
from dashboards.page.packages import scorm
from dashboards.page.room import first_visit
from dashboards.page.setting import read_setting
from dashboards.page.story import story
from dashboards.therapies.characters import client_traits
from dashboards.therapies.play_file import Play, write_play
from dashboards.therapies.playing import play
from dashboards.therapies.therapy import Setup
from experiments.evidence.reading import fact
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS
from tests.dashboards.node import SCRIPTS, evaluate
from tests.programs import alliance, finished, refused

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 350_000
"""Of the page as it is sent, compressed."""

SETTING = """
title = "Seminar 3"
words = "Play to the end, then compare with your neighbour."
opens = "lessons/feedback"
lessons = ["feedback", "tired_team"]

[session]
client = "late"
therapist = "clear"
seed = 77
stances = "la"

[parameters]
session_limit = 12

[clients.late]
title = "Always late"
description = "They come when half of the hour is over."
motivation = 0.2
"""


class Read(HTMLParser):
    """What a document holds: attributes that can load something, and its blocks of JSON."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.blocks: dict[str, str] = {}
        self.policy = ""
        self.inside = ""
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        self.loads += [
            str(of[name])
            for name in ("src", "srcset", "href", "data", "action", "poster")
            if name in of
        ]
        if of.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(of["content"])
        self.inside = str(of.get("id", "")) if of.get("type") == "application/json" else ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.blocks[self.inside] = self.blocks.get(self.inside, "") + data

    def json(self, block: str) -> Any:
        return json.loads(self.blocks[block])


@pytest.fixture(scope="module")
def document() -> str:
    return page(Contents())


@pytest.fixture(scope="module")
def found(document: str) -> Any:
    return Read(document).json("content-data")


def test_the_page_loads_nothing_from_anywhere(document) -> None:
    read = Read(document)
    assert read.loads
    assert all(one.startswith("#") or one == "data:," for one in read.loads), read.loads
    assert read.policy.startswith("default-src 'none'")
    assert "connect-src" not in read.policy
    assert "http" not in read.policy
    assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", document)
    outside = set(re.findall(r"https?://[^/\s\"'\\`]+", document))
    assert outside <= {"https://doi.org", "http://www.w3.org"}, outside


def test_the_page_is_small_enough_to_be_sent(document) -> None:
    assert len(gzip.compress(document.encode(), 9)) < MOST_BYTES


def test_every_lesson_is_in_the_page_with_the_judgement_of_every_answer(found) -> None:
    assert [one["key"] for one in found["lessons"]] == [one.key for one in lessons()]
    for lesson, shown in zip(lessons(), found["lessons"], strict=True):
        result = result_of(lesson.key)
        given = shown["predict"]["answers"]
        assert len(given) == len(answers(lesson)) or shown["predict"]["kind"] == "number"
        assert len(given) > 1
        for answer in given:
            assessment = assess(result, answer["key"])
            assert answer["verdict"] == assessment.verdict
            for part in ("heading", "studies", "sentence", "measured", "published"):
                assert answer[part] == getattr(assessment, part)
        assert len(shown["figures"]) == len(result.figures)
        assert [one["sentence"] for one in shown["published"]] == [
            one.sentence for one in result.published
        ]


def test_a_number_can_be_predicted_at_both_ends_of_its_range(found) -> None:
    numbers = [one["predict"] for one in found["lessons"] if one["predict"]["kind"] == "number"]
    assert numbers
    for question in numbers:
        assert float(question["answers"][0]["key"]) == question["low"]
        assert float(question["answers"][-1]["key"]) == question["high"]


def test_published_findings_have_their_source_and_a_link(found) -> None:
    rows = [row for one in found["lessons"] for row in one["published"]]
    assert all(re.search(r"\b(19|20)\d\d\b", row["citation"]) for row in rows)
    assert [row["doi"] for row in rows] == [fact(row["id"]).doi or "" for row in rows]
    assert sum(bool(row["doi"]) for row in rows) > 10


def test_evidence_and_limits_are_those_of_the_dashboard(found) -> None:
    assert "findings used for fitting" in found["evidence"]["headline"]
    assert "real person" in found["limits"]["forbidden"]
    assert "never advises on a real client" in found["never"]


def test_a_first_visit_begins_with_a_choice_that_matters() -> None:
    from dashboards.therapies.playing import counterfactuals

    setup = Setup.of("wary", "warm", seed=first_visit())
    trust = [one.state.trust for one in counterfactuals(setup, "", 1, 1).values()]
    assert max(trust) - min(trust) > 0.1


def test_the_story_has_a_test_of_the_frame_and_a_tension_that_can_be_mended() -> None:
    told = story()
    setup = Setup.of(told["client"], told["therapist"], seed=int(told["seed"]))
    before = next(
        told["meanwhile"] * held
        for held in range(5)
        if (now := play(setup, told["meanwhile"] * held, held).situation) and now.tests
    )
    for answer in "hb":
        stances = before + answer
        while play(setup, stances, len(stances)).situation.tension <= told["marked"]:
            stances += told["meanwhile"]
        assert len(stances) - len(before) <= told["patience"]
        addressed, passed = (play(setup, stances + one, len(stances) + 1) for one in "ap")
        assert addressed.records[-1].repaired
        assert addressed.state.trust > passed.state.trust + 0.1


def test_the_command_writes_one_file_and_says_how_large_it_is(tmp_path: Path) -> None:
    out = tmp_path / "class.html"
    done = alliance("page", "--out", str(out), "--lesson", "feedback")
    assert done.exit_code == 0, done.output
    assert "kB as it is sent" in done.output
    read = Read(out.read_text("utf-8"))
    assert [one["key"] for one in read.json("content-data")["lessons"]] == ["feedback"]
    assert read.json("start")["place"] == {"room": "lessons", "part": "feedback"}
    assert "--overwrite" in refused("page", "--out", out, "--lesson", "feedback")


def test_what_is_compiled_first_is_said_once_and_before_anything_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLIANCE_CACHE_DIR", str(tmp_path / "cache"))
    words = ("page", "--lesson", "feedback", "--overwrite", "--out", str(tmp_path / "one.html"))
    first, second = (finished(*words) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    engine, browsers = first.stderr.splitlines()
    assert engine.startswith("Compiling the model for this machine. This happens once")
    assert browsers.startswith("Compiling the model for browsers. This happens once")
    assert second.stderr == ""


def test_of_the_lessons_it_is_told_how_many_are_done() -> None:
    told: list[tuple[int, int]] = []
    finished_lessons(("feedback", "too_rigid"), lambda *done: told.append(done))
    assert told == [(0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give --out FILE or --folder DIR"),
        (("--scorm", "--folder", "site"), "--out FILE.zip"),
        (("--out", "x.html", "--lesson", "feedbak"), "Did you mean feedback?"),
        (("--out", "new/x.pdf"), "x.pdf: a page is HTML, so give its name with .html."),
        (("--out", "x"), "x: a page is HTML, so give its name with .html."),
        (("--out", "x.html", "--scorm"), "x.html: a package is a zip, so give its name with .zip."),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_sentence(words, said, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused("page", *words)
    assert not list(tmp_path.iterdir())


def test_a_teacher_sets_title_lessons_people_seed_and_parameters() -> None:
    contents = read_setting(SETTING, "setting.toml")
    start = contents.start
    assert contents.title == "Seminar 3"
    assert contents.lessons == ("feedback", "tired_team")
    assert start["place"] == {"room": "lessons", "part": "feedback"}
    assert start["session"] == {
        "client": "late",
        "therapist": "clear",
        "seed": "77",
        "stances": "la",
    }
    assert start["parameters"] == {"session_limit": 12}
    assert start["clients"]["late"]["traits"] == client_traits({"motivation": 0.2})._asdict()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("titel = 'x'", "titel is not an entry of a setting. Did you mean title?"),
        ("opens = 'garden'", "opens = 'garden' is not allowed: write story, session"),
        ("opens = 'clinic/feedback'", "or a lesson as lessons/KEY, teach/KEY or wall/KEY."),
        ("opens = 'wall/feedbak'", "Did you mean feedback?"),
        ("lessons = ['feedbak']", "Did you mean feedback?"),
        ("session.client = 'wery'", "Did you mean wary?"),
        ("session.stances = 'lx'", "'x' is not a stance"),
        ("session.seed = -1", "session.seed"),
        ("parameters.empaty = 0.4", "Did you mean empathy?"),
        ("clients.x.motivation = 0.4", "x has no title"),
        ("clients.x = { title = 'X', motivation = 4 }", "motivation = 4 is not allowed"),
        ("seed = [", "my.toml"),
    ],
)
def test_a_setting_that_is_wrong_is_refused_with_its_file_and_entry(line, said) -> None:
    with pytest.raises(AllianceError, match=re.escape(said)) as refused:
        read_setting(line, "my.toml")
    assert "my.toml" in str(refused.value)


def test_a_run_of_the_session_room_is_a_setting_too() -> None:
    setup = Setup.of("sent", "tired", seed=2**63, number=4)
    start = read_setting(write_play(Play(setup, "lac", "sent", "tired")), "therapy.toml").start
    assert start["place"]["room"] == "session"
    assert start["session"] == {
        "client": "sent",
        "therapist": "tired",
        "seed": str(2**63),
        "stances": "lac",
        "number": 4,
    }


def test_words_of_a_teacher_cannot_end_the_script_they_stand_in() -> None:
    text = 'title = "</script><img src=x>"\nlessons = ["feedback"]\n'
    document = page(read_setting(text, "setting.toml"))
    read = Read(document)
    assert read.json("content-data")["title"] == "</script><img src=x>"
    assert "x" not in read.loads


def test_a_package_for_learning_platforms_has_a_manifest_that_names_the_page() -> None:
    contents = Contents("Class & friends", ("feedback",))
    packed = scorm("<!doctype html><p>page</p>", contents)
    assert packed == scorm("<!doctype html><p>page</p>", contents)
    archive = zipfile.ZipFile(BytesIO(packed))
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    names = {
        "c": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        "a": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    }
    assert manifest.findtext("c:metadata/c:schemaversion", namespaces=names) == "1.2"
    assert manifest.findtext(".//c:item/c:title", namespaces=names) == "Class & friends"
    organizations = manifest.find("c:organizations", names)
    resource = manifest.find("c:resources/c:resource", names)
    item = manifest.find(".//c:item", names)
    assert organizations is not None
    assert resource is not None
    assert item is not None
    assert organizations.get("default") == organizations[0].get("identifier")
    assert item.get("identifierref") == resource.get("identifier")
    assert resource.get(f"{{{names['a']}}}scormtype") == "sco"
    assert archive.read(str(resource.get("href"))).startswith(b"<!doctype html>")
    assert {one.get("href") for one in resource} == set(archive.namelist()) - {"imsmanifest.xml"}


def test_a_folder_has_the_page_and_a_handout_with_and_without_results(tmp_path: Path) -> None:
    done = alliance(
        "page", "--folder", str(tmp_path / "site"), "--lesson", "feedback", "--lesson", "too_rigid"
    )
    assert done.exit_code == 0, done.output
    files = {str(one.relative_to(tmp_path / "site")) for one in (tmp_path / "site").rglob("*.html")}
    assert files == {
        "index.html",
        "handouts/feedback.html",
        "handouts/feedback-results.html",
        "handouts/too_rigid.html",
        "handouts/too_rigid-results.html",
    }


def test_handouts_lead_to_their_lesson_where_it_is_known_where_the_page_is(tmp_path: Path) -> None:
    words = ("page", "--lesson", "feedback", "--folder")
    url = "https://uni.example/seminar/"
    assert alliance(*words, tmp_path / "known", "--url", url).exit_code == 0
    assert alliance(*words, tmp_path / "unknown").exit_code == 0
    place = f"{url}#lessons/feedback"
    for name in ("feedback", "feedback-results"):
        known, unknown = (
            (tmp_path / folder / "handouts" / f"{name}.html").read_text("utf-8")
            for folder in ("known", "unknown")
        )
        assert qr_code(place, sized=False) in known
        assert f'href="{place}"' in known
        assert "Open this lesson" not in unknown


def test_a_file_for_students_has_nothing_for_teachers(tmp_path: Path) -> None:
    words = ("page", "--lesson", "feedback", "--students", "--out", tmp_path / "a.html")
    assert alliance(*words, "--folder", tmp_path / "site").exit_code == 0
    text = (tmp_path / "a.html").read_text("utf-8")
    (shown,) = Read(text).json("content-data")["lessons"]
    assert not {"notes", "steps", "tight"} & shown.keys()
    assert {"predict", "figures", "published"} <= shown.keys()
    for said in find_lesson("feedback").instructor.goals:
        assert said not in text
    assert "Teach with it" not in text
    assert [one.name for one in (tmp_path / "site" / "handouts").iterdir()] == ["feedback.html"]


CODES = f"""
import {{ answerOf, codeOf }} from "{SCRIPTS}/codes.js";
export const main = (lessons) => lessons.map((one) => one.predict.answers.map(({{ key }}) => {{
  const code = codeOf(one, key);
  const fits = lessons.filter((other) => answerOf(other, code) !== null);
  return [key, code, answerOf(one, ` ${{code.toLowerCase()}} `), fits.length];
}}));
"""


def test_every_answer_has_a_code_of_its_own_that_leads_back_to_it(found) -> None:
    lessons_ = [{"key": one["key"], "predict": one["predict"]} for one in found["lessons"]]
    rows = evaluate(CODES, lessons_)
    for of_lesson in rows:
        assert all(back == key for key, _, back, _ in of_lesson)
        assert len({code for _, code, _, _ in of_lesson}) == len(of_lesson)
        assert all(len(code) <= 6 for _, code, _, _ in of_lesson)
    fits = [count for of_lesson in rows for _, _, _, count in of_lesson]
    assert sum(fits) / len(fits) < 1.5, "a code of one lesson is seldom one of another"


def test_a_plan_has_the_minutes_that_are_said_without_a_gap(found) -> None:
    for lesson in found["lessons"]:
        ends = [begin + minutes for begin, minutes, _ in lesson["steps"]]
        assert [begin for begin, _, _ in lesson["steps"]] == [0, *ends[:-1]]
        assert lesson["length"].endswith(f", {ends[-1]} in class")
        assert all(minutes > 0 for _, minutes, _ in lesson["steps"])


def test_codes_lead_to_where_the_page_is_put_and_there_are_none_without_it(found, tmp_path) -> None:
    assert found["codes"] == {}
    out = tmp_path / "class.html"
    words = ("--out", str(out), "--lesson", "feedback", "--url")
    assert "not an address" in refused("page", *words, "class.html")
    assert alliance("page", *words, "https://example.org/class.html#lessons").exit_code == 0
    shown = Read(out.read_text("utf-8")).json("content-data")
    assert shown["url"] == "https://example.org/class.html"
    assert shown["codes"]["feedback"] == qr_code(
        "https://example.org/class.html#lessons/feedback", sized=False
    )
    assert set(shown["codes"]) == {"", "feedback"}


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder / "one.js"


def test_modules_become_one_script_whose_private_names_do_not_meet(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        one='import { two as other } from "./two.js";\nimport given from "./given.js";\n'
        "const hidden = 1;\nglobalThis.found = [hidden, other(), given.three];\n",
        two="const hidden = 2;\nexport function two() { return hidden; }\n",
    )
    script = bundle(entry, {"given.js": "export default { three: 3 };\n"})
    module = f"{script}\nexport const main = () => globalThis.found;"
    assert evaluate(module) == [1, 2, 3]


def test_what_cannot_be_put_into_one_script_is_refused(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        one='import { two } from "./two.js";\nexport const one = 1;\n',
        two='import { one } from "./one.js";\nexport const two = 2;\n',
    )
    with pytest.raises(AllianceError, match="circle"):
        bundle(entry)
    entry = write(tmp_path, one='import * as all from "./two.js";\n', two="export const two = 2;\n")
    with pytest.raises(AllianceError, match=re.escape("import * as all")):
        bundle(entry)


def test_a_sweep_goes_evenly_from_the_lowest_value_a_page_takes_to_the_highest() -> None:
    sweeps = clinic()["sweeps"]
    assert len(sweeps) > 5
    for one in sweeps:
        row = PARAMETERS[one["name"]]
        low, high = bounds(row)
        levels = one["levels"]
        apart = np.diff(levels)
        assert apart == pytest.approx(apart[0], abs=1e-9)
        assert levels[0] == low
        whole = row.kind == "integer"
        assert high - apart[0] < levels[-1] <= high if whole else levels[-1] == high, row.name
        assert 13 <= len(levels) <= 17
