"""The search for the size of a simulated trial: what it changes, what it refuses, what it keeps."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace

import polars as pl
import pytest

from experiments.power import batches
from experiments.power.answer import Power
from experiments.power.batches import Batches
from experiments.power.cost import Cost
from experiments.power.finding import find_power
from experiments.power.power_curve import Batch, PowerCurve
from experiments.power.search import SizeSearch
from experiments.power.sizing import checked, designed, size_of, sizes_of
from experiments.power.trial_counts import counted
from experiments.power.wanted import Wanted
from experiments.quantities.estimate import Estimate
from experiments.reports.trial_document import power_document
from experiments.trials import Trial
from experiments.trials.analysing import analyses_of
from experiments.trials.trial_design import TrialDesign
from simulation.errors import AllianceError
from tests.programs import alliance, refused

DESIGN = {
    "name": "small",
    "arms": {"usual": {"settings": {"empathy": 0.3}}, "more": {"settings": {"empathy": 0.9}}},
    "design": {"clients": 80, "therapists": 8, "therapists_in_arms": "crossed"},
    "outcome": {"weeks": [0, 12], "primary": 12},
    "analysis": [{"kind": "ancova"}, {"kind": "t"}],
}


def design(**changes):
    return TrialDesign(**{**DESIGN, **changes})


@pytest.mark.parametrize(
    ("find", "size", "clients", "therapists"),
    [
        ("clients", 120, 120, 8),
        ("therapists", 12, 120, 12),
        ("clients_per_therapist", 25, 200, 8),
    ],
)
def test_only_what_is_looked_for_changes(find, size, clients, therapists):
    changed = designed(find, design(), size)
    assert (changed.design.clients, changed.design.therapists) == (clients, therapists)
    assert size_of(find, changed) == size
    assert changed.changed(clients=80, therapists=8) == design()


def test_every_size_offered_is_a_trial():
    arms = {name: {} for name in ("usual", "one", "two")}
    for changes in (
        {},
        {"design": {"clients": 80, "therapists": 8}},
        {"design": {"clients": 120, "therapists": 12, "clinics": 4, "allocation": [1, 2]}},
        {"design": {"clients": 120, "therapists": 12, "clinics": 4, "randomise": "clinic"}},
        {"design": {"clients": 90, "therapists": 9}, "arms": arms},
        {
            "design": {
                "clients": 126,
                "therapists": 42,
                "clinics": 42,
                "allocation": [1, 20],
                "randomise": "clinic",
            }
        },
    ):
        begun = design(**changes)
        for find in ("clients", "therapists", "clients_per_therapist", "clinics"):
            sizes = sizes_of(find, begun)
            for size in (sizes.lowest, size_of(find, begun), 37.0, 1000.0):
                assert size_of(find, designed(find, begun, sizes.near(size))) == sizes.near(size)


@pytest.mark.parametrize(
    ("find", "changes", "words"),
    [
        ("number", {}, "There are: clients, therapists, clients_per_therapist, clinics, effect"),
        ("therapists", {"design": {"clients": 81, "therapists": 8}}, "multiple"),
        ("effect", {}, "exactly one"),
        (
            "therapists",
            {
                "arms": {"usual": {"therapists": 4}, "more": {"therapists": 4}},
                "design": {"clients": 80, "therapists": 8},
            },
            "leave out therapists",
        ),
        ("clinics", {"design": {"clients": 81, "therapists": 8, "clinics": 4}}, "of each clinic"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(find, changes, words):
    with pytest.raises(AllianceError, match=words):
        checked(find, design(**changes))


@pytest.mark.parametrize("power", [0.05, 1.0, 0.0, float("nan")])
def test_a_power_that_no_search_can_find_is_refused(power):
    with pytest.raises(AllianceError, match="cannot be looked for"):
        Wanted(power=power)


CLINICS = {
    "clients": 64,
    "therapists": 16,
    "clinics": 8,
    "randomise": "clinic",
    "therapists_in_arms": "nested",
}


def test_clinics_come_with_as_many_therapists_and_clients_each():
    own = designed("clinics", design(design=CLINICS), 20).design
    assert (own.clinics, own.therapists, own.clients) == (20, 40, 160)
    assert sizes_of("clinics", design(design=CLINICS)).lowest == 4


def test_the_number_of_clinics_found_is_that_at_which_power_is_the_wanted_one(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("experiments.power.finding.MOST", 500)
    begun = design(design=CLINICS, analysis=[{"kind": "ancova"}])
    found = find_power(Trial(begun), tmp_path / "out", Wanted(confirm=0), find="clinics")
    needed = int(found.found.needed)
    assert found.sentence.startswith(f"{needed} clinics of 2 therapists with 4 clients each")
    power = {}
    for clinics in (needed * 3 // 8 * 2, needed * 5 // 8 * 2):
        trial = Trial(designed("clinics", begun, clinics))
        power[clinics] = trial.run(tmp_path / str(clinics), 200).primary[0].power.value
    below, above = power.values()
    assert below < 0.8 - 0.02
    assert above > 0.8 + 0.02


def test_the_answer_says_in_how_many_clinics_the_therapists_are():
    curve = PowerCurve("root", -2.0, 0.1, (0.1, 0.0, 0.1))
    found = SizeSearch(Estimate(32.0, 31, 33), 32.0, curve, (), 2000, settled=True)
    power = Power(
        design(design=CLINICS), "therapists", "more", 0.8, found, ("ancova",), ((),), None
    )
    assert power.sentence == "32 therapists with 4 clients each, in 8 clinics."
    clients = replace(power, find="clients").sentence
    assert clients == "16 therapists with 2 clients each, in 8 clinics."


def test_the_arm_with_which_others_are_compared_has_no_power():
    assert Wanted(arm="more").contrast(design()) == 1
    with pytest.raises(AllianceError, match="usual"):
        Wanted(arm="usual").contrast(design())


@pytest.mark.parametrize(
    "text", ["", "client", "client=x", "client=-1", "clients=3", "client=1,client=2", "client=0"]
)
def test_a_cost_that_cannot_be_read_is_refused(text):
    with pytest.raises(AllianceError, match="cost"):
        Cost.read(text)


def test_a_cost_counts_clients_and_therapists():
    assert Cost.read("client=400, therapist=3000").of(design()) == 80 * 400 + 8 * 3000
    assert Cost.read("therapist=1").of(design()) == 8


def test_a_trial_counts_by_its_adjusted_p_value_and_only_if_it_could_be_analysed():
    frame = pl.DataFrame(
        {
            "analysis": [0, 0, 0, 0, 1, 0],
            "contrast": [1, 1, 1, 1, 1, 2],
            "p": [0.01, 0.03, 0.5, math.nan, 0.01, 0.01],
            "p_holm": [0.02, 0.06, 0.5, math.nan, 0.01, 0.01],
            "failed": ["", "", "", "No end.", "", ""],
        }
    )
    assert counted(frame, 80, 0) == Batch(80, trials=3, significant=1, failed=1)


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    folder = tmp_path_factory.mktemp("power") / "out"
    return folder, find_power(Trial(design()), folder, Wanted(confirm=40), find="clients")


def test_the_answer_is_confirmed_by_fresh_trials(search):
    _, found = search
    assert found.answer is not None
    assert found.answer.design.clients == found.found.needed
    assert found.confirmed.trials == 40
    assert found.primary.power.value == pytest.approx(0.8, abs=0.25)
    clients = found.answer.design.clients
    uneven = f"{clients:,} clients of 8 therapists; power "
    said = f"8 therapists with {clients // 8} clients each; power " if clients % 8 == 0 else uneven
    assert found.sentence.startswith(said)


def test_all_analyses_are_made_of_the_same_trials(search):
    _, found = search
    ancova, t = found.batches
    assert [one.size for one in ancova] == [one.size for one in t]
    assert sum(one.trials for one in ancova) == found.found.trials
    # ANCOVA uses the score at intake, which the t test does not: it finds more.
    assert sum(one.significant for one in ancova) > sum(one.significant for one in t)


def test_a_search_goes_on_where_it_stopped_and_ends_with_the_same_bytes(search, tmp_path):
    folder, found = search
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    names = sorted(path.name for path in (copy / "batches").iterdir())
    (copy / "batches" / names[-1]).unlink()
    (copy / "batches" / names[1]).write_bytes(b"damaged")
    shutil.rmtree(copy / "confirmed")
    again = find_power(Trial(design()), copy, Wanted(confirm=40), find="clients")
    assert again.to_dict() == found.to_dict()
    for path in folder.rglob("*"):
        if path.is_file() and path.parent.name == "batches":
            assert (copy / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_a_finished_search_runs_nothing_again(search, monkeypatch):
    folder, found = search
    monkeypatch.setattr(batches, "analysed", lambda *_: pytest.fail("a batch was run again"))
    again = find_power(Trial(design()), folder, Wanted(confirm=40), find="clients")
    assert again.to_dict() == found.to_dict()


def test_a_folder_of_another_search_is_refused(search):
    folder, _ = search
    with pytest.raises(AllianceError, match="another search"):
        find_power(Trial(design()), folder, Wanted(power=0.9), find="clients")
    with pytest.raises(AllianceError, match="another"):
        find_power(Trial(design(seed=2)), folder, find="clients")


def test_another_number_of_threads_gives_the_same_batch(tmp_path):
    made, sizes = analyses_of(design()), sizes_of("clients", design())
    one, other = (
        Batches(tmp_path / str(threads), design(), "clients", made, threads=threads)
        for threads in (1, 3)
    )
    for run in (one, other):
        run.find_size(0.8, sizes, 80, most=100)
    ((size, frame),), ((_, again),) = one.frames, other.frames
    assert (size, frame["trial"].n_unique()) == (80, 100)
    assert frame.equals(again)


def test_the_report_says_the_answer_the_estimand_and_the_methods(search):
    page = power_document(search[1], "alliance trial x --replay {}")
    for words in (
        search[1].sentence,
        "Intercurrent events",
        "not evidence",
        "permuted blocks",
        "<svg",
    ):
        assert words in page
    assert "src=" not in page


def test_the_chart_names_other_analyses_only_where_there_are_some(search):
    _, found = search
    assert "Grey: the same trials by t." in power_document(found, "{}")
    alone = replace(found, analyses=found.analyses[:1], batches=found.batches[:1])
    assert "Grey" not in power_document(alone, "{}")


def test_the_command_prints_json_and_writes_a_report(tmp_path, monkeypatch):
    file, page = tmp_path / "trial.toml", tmp_path / "page.html"
    file.write_text(design().to_toml())
    monkeypatch.setattr("experiments.power.finding.MOST", 200)
    words = ["power", str(file), "--find", "clients", "--out", str(tmp_path / "out")]
    words += ["--trials", "0", "--html", str(page), "--json"]
    result = alliance(*words)
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert said["find"] == "clients"
    assert said["trials"] <= 200
    assert page.read_text().startswith("<!doctype html>")
    again = f"alliance power {tmp_path}/out/trial.toml --out {tmp_path}/out --html FILE, with"
    assert again in refused("report", tmp_path / "out")


def test_a_search_says_what_ignoring_therapists_claims_where_the_file_names_no_analysis(
    tmp_path, monkeypatch
):
    file, page = tmp_path / "trial.toml", tmp_path / "page.html"
    file.write_text(design(analysis=[]).to_toml())
    monkeypatch.setattr("experiments.power.finding.MOST", 200)
    words = ("power", file, "--find", "clients", "--out", tmp_path / "out", "--trials", "40")
    result = alliance(*words, "--html", page)
    assert result.exit_code == 0, result.output
    claimed = "Ignoring therapists (ancova) one would have claimed a power of"
    assert claimed in " ".join(result.stdout.split())
    assert claimed in page.read_text()
    assert "The primary analysis is a linear mixed model" in page.read_text()


def test_the_command_needs_a_folder(tmp_path):
    file = tmp_path / "trial.toml"
    file.write_text(design().to_toml())
    assert "--out DIR" in refused("power", file)


@pytest.mark.parametrize(
    ("find", "ceiling", "at", "said"),
    [
        (
            "therapists",
            Estimate(0.46, 0.43, 0.49),
            1000,
            "at 1,000 therapists it is 46 % [43, 49].",
        ),
        ("clients", Estimate(0.46, 0.43, 0.49), 8000, "with 8 crossed therapists, however many"),
        ("effect", Estimate(0.46, 0.43, 0.49), 2, "unreachable: at d = 2 it is 46 % [43, 49]."),
        ("clients", None, math.nan, "No number of clients that can be run was found"),
        ("effect", None, math.nan, "No effect that can be run was found for a power of 80 %"),
    ],
)
def test_a_power_that_is_not_found_is_said_in_a_sentence(find, ceiling, at, said):
    curve = PowerCurve("root", -2.0, 0.0, (0.1, 0.0, 0.1))
    none = Estimate(math.nan)
    found = SizeSearch(none, math.nan, curve, (), 2000, settled=False, ceiling=ceiling, at=at)
    assert said in Power(design(), find, "more", 0.8, found, ("ancova",), ((),), None).sentence
