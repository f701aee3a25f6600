"""What a study tells people: the report, the terminal, the sentences."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib import import_module

import numpy as np
import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from experiments.cli.program import COMMANDS
from experiments.design import study
from experiments.design.designs import Grid, Product
from experiments.design.listed_designs import Presets
from experiments.design.replication import Fixed
from experiments.design.sampling import LatinHypercube, Morris, Saltelli
from experiments.design.study import Study
from experiments.design.value import StudyError
from experiments.execution.executors import Serial
from experiments.execution.options import Shard
from experiments.execution.run import run
from experiments.execution.verify import verify
from experiments.quantities.intervals import mean_of
from experiments.quantities.writing import plus_minus
from experiments.reports.study import study_document
from experiments.store.export import export_csv, export_parquet
from simulation.errors import AllianceError
from tests.experiments.studies.clinic_of_paper import SPACE, PaperClinic, small_study


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.open, self.wrong = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def read(text):
    reader = Reader()
    reader.feed(text)
    assert not reader.wrong
    assert not reader.open
    return reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("told") / "study"
    asked = small_study(name="Warmth <b>& frame", question="Does <script> warmth pay?")
    return run(
        asked, path, evaluate=PaperClinic(fail_below_empathy=0.3), space=SPACE, executor=Serial()
    )


def test_the_report_is_well_formed_and_loads_nothing_from_elsewhere(folder):
    text = study_document(folder)
    reader = read(text)
    for tag, attributes in reader.tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "base", "image", "use"}
        for name, value in attributes.items():
            assert name not in {"src", "srcset", "onload", "onclick", "style"}
            if name == "href":
                assert value.startswith("#")
    assert "http://" not in text
    assert "https://" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert "Does &lt;script&gt; warmth pay?" in text


def test_the_report_holds_question_results_effects_failures_and_how_to_repeat(folder):
    text = study_document(folder)
    headings = re.findall("<h2>(.*?)</h2>", text)
    assert headings[0].startswith("What was asked")
    assert headings[-1] == "How to reproduce this"
    assert {"Design", "Results", "Main effects", "Two factors at a time", "Failures"} <= set(
        headings
    )
    assert "too little to go on" in text
    assert folder.study.fingerprint in text
    dropout = folder.results().filter(pl.col("point") == 5)["dropout"]
    assert f"{plus_minus(mean_of(dropout.to_numpy()))}<" in text
    assert text.count("<svg") >= 2 * 2 + 2


@pytest.mark.parametrize(
    "design",
    [
        Saltelli(factors={"empathy": "0.3:0.9", "boundary": "0:1"}, base=16),
        Morris(factors={"empathy": "0.3:0.9", "boundary": "0:1"}, trajectories=6),
        LatinHypercube(factors={"empathy": "0.3:0.9", "feedback": [False, True]}, size=40),
    ],
    ids=lambda design: design.kind,
)
def test_the_report_of_a_sample_shows_its_sensitivity(design, tmp_path):
    asked = small_study(design=design, replication=Fixed(replicates=2), chunk_runs=None)
    text = study_document(run(asked, tmp_path / "s", evaluate=PaperClinic(), space=SPACE))
    read(text)
    assert "<h2>Sensitivity</h2>" in text


def test_a_report_of_one_point_is_still_a_report(tmp_path):
    asked = small_study(design=Grid(factors={"empathy": [0.5]}), replication=Fixed(replicates=1))
    folder = run(asked, tmp_path / "s", evaluate=PaperClinic(), space=SPACE)
    text = study_document(folder)
    read(text)
    assert re.findall("<h2>(.*?)</h2>", text)[1:] == [
        "Design", "Results", "Failures", "How to reproduce this"
    ]  # fmt: skip
    (dropout,) = folder.results()["dropout"]
    assert f"<td>{plus_minus(mean_of(np.array([dropout])))}</td>" in text


def test_csv_and_parquet_hold_the_same_bits_in_the_same_order(folder, tmp_path):
    export_csv(folder, tmp_path / "a.csv")
    export_parquet(folder, tmp_path / "a.parquet")
    export_parquet(folder, tmp_path / "b.parquet")
    table = folder.results()
    assert pl.read_parquet(tmp_path / "a.parquet").equals(table)
    again = pl.read_csv(tmp_path / "a.csv", schema_overrides=table.schema)
    assert again.equals(table)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_verify_finds_everything_the_same(folder):
    found = verify(folder, 30, evaluate=PaperClinic(), space=SPACE)
    assert found.holds
    assert len(found.rows) == 30


def test_verify_finds_the_last_bit_of_a_changed_model(folder):
    class Drifted(PaperClinic):
        def __call__(self, *arguments):
            given = super().__call__(*arguments)
            return {name: values * (1 + 2**-52) for name, values in given.items()}

    found = verify(folder, 5, evaluate=Drifted(), space=SPACE, seed=1)
    assert not found.holds
    assert found.mismatches


@pytest.fixture
def program(monkeypatch):
    monkeypatch.setattr("experiments.execution.plan.model_space", lambda: SPACE)
    monkeypatch.setattr(study, "DEFAULT_OUTCOMES", ("dropout", "change"))
    for module in ("run", "verify", "evaluation"):
        name = f"experiments.execution.{module}.ClinicEvaluation"
        monkeypatch.setattr(name, lambda _: PaperClinic())
    # It stands for the simulation here, so it is nobody's own code.
    monkeypatch.setattr("experiments.execution.provenance.own_code_of", lambda _: [])
    app = typer.Typer()
    for one in COMMANDS:
        if one.name in {"sweep", "results", "verify", "sensitivity", "report"}:
            app.command(one.name)(import_module(one.module).command)

    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


def sweep(program, tmp_path, *more):
    words = [
        "--outcome",
        "dropout",
        "--outcome",
        "change",
        "--replicates",
        6,
        "--out",
        tmp_path / "s",
    ]
    return program(
        "sweep", "--vary", "empathy=0.2:0.8:3", "--vary", "feedback=true,false", *words, *more
    )


def test_a_sweep_from_options_is_the_study_it_describes(program, tmp_path):
    assert sweep(program, tmp_path).exit_code == 0
    made = Study.load(tmp_path / "s" / "study.toml")
    assert made.design == Grid(factors={"empathy": "0.2:0.8:3", "feedback": [True, False]})
    assert made.replication == Fixed(replicates=6)
    again = program("sweep", tmp_path / "s" / "study.toml", "--out", tmp_path / "s")
    assert again.exit_code == 0
    assert "0 runs finished" in again.output
    assert "36 were there already" in again.output


def test_a_dry_run_says_what_how_long_and_how_large_and_writes_nothing(program, tmp_path):
    told = sweep(program, tmp_path, "--dry-run")
    assert told.exit_code == 0
    assert "36 (6 points, 6 replicates)" in told.output
    assert re.search(r"Time: about .* workers", told.output)
    assert re.search(r"Size: about [\d.]+ MB", told.output)
    assert not (tmp_path / "s").exists()


def test_results_verify_sensitivity_and_report_speak_of_the_folder(program, tmp_path):
    sweep(program, tmp_path)
    told = program("results", tmp_path / "s")
    assert "36 runs" in told.output
    assert "common random numbers" in told.output.lower()
    told = program("verify", tmp_path / "s", "--rows", 5)
    assert told.exit_code == 0
    assert "same to the bit" in told.output
    told = program("sensitivity", tmp_path / "s", "--outcome", "dropout", "--above", 0.25, "--json")
    box = json.loads(told.output)[0]
    assert 0 < box["coverage"] <= 1
    told = program("sensitivity", tmp_path / "s", "--outcome", "dropout", "--below", 0.25, "--json")
    bases = (box["base"], json.loads(told.output)[0]["base"])
    assert bases == pytest.approx((1 / 3, 2 / 3))
    assert program("report", tmp_path / "s").exit_code == 0
    read((tmp_path / "s" / "report.html").read_text("utf-8"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["sweep", "--vary", "empaty=0.2:0.8:3", "--out", "x"],
            "empaty is not a parameter. Did you mean empathy?",
        ),
        (
            ["sweep", "--vary", "empathy=0.2:1.8:3", "--out", "x"],
            "empathy takes a number from 0 to 1",
        ),
        (["sweep", "--vary", "empathy", "--out", "x"], "write --vary NAME=VALUE"),
        (["sweep", "--vary", "empathy=0.2:0.8", "--out", "x"], "needs a number of points"),
        (["sweep", "--vary", "empathy=nan:1:3", "--out", "x"], "nan"),
        (["sweep", "--vary", "caseload=1:10:4:5", "--out", "x"], "is not a range"),
        (["sweep", "--vary", "caseload=1:10:7", "--out", "x"], "whole number"),
        (
            ["sweep", "--vary", "caseload=1:10:3", "--preset", "wram", "--out", "x"],
            "Did you mean warm?",
        ),
        (["sweep", "--vary", "feedback=yes", "--out", "x"], "feedback is true or false"),
        (["sweep", "--vary", "network=hubb", "--out", "x"], "Did you mean hub?"),
        (["sweep", "--vary", "empathy=0.5"], "--out DIR"),
        (["sweep", "--out", "x"], "Say what to vary"),
        (["sweep", "missing.toml", "--out", "x"], "missing.toml does not exist"),
        (["sweep", "--vary", "empathy=0.5", "--replicates", "0", "--out", "x"], "replicates = 0"),
        (["sweep", "--vary", "empathy=0.5", "--shard", "3/2", "--out", "x"], "not a shard"),
        (
            ["sweep", "--vary", "empathy=0.5", "--design", "gird", "--out", "x"],
            "Did you mean grid?",
        ),
        (["sweep", "--vary", "empathy=0:1", "--design", "sobol", "--out", "x"], "--size"),
        (["sweep", "--vary", "empathy=0.5", "--set", "empathy=0.4", "--out", "x"], "both set"),
        (["results", "nowhere"], "holds no study"),
        (["verify", "nowhere"], "holds no study"),
        (["report", "nowhere"], "holds no study"),
    ],
)
def test_nonsense_gets_one_sentence_and_leaves_nothing_behind(
    program, words, said, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    told = program(*words)
    assert isinstance(told.exception, AllianceError), told.output
    assert said in str(told.exception)
    assert "\n" not in str(told.exception)
    assert not list(tmp_path.iterdir())


def test_a_shard_is_written_i_of_n():
    assert Shard.parse("2/8") == Shard(2, 8)
    for text in ("0/2", "3/2", "1", "a/b", "1/2/3", "-1/2"):
        with pytest.raises(StudyError):
            Shard.parse(text)


def test_presets_and_policies_are_columns_of_words(tmp_path):
    asked = small_study(
        design=Product(
            designs=[
                Presets(names=["warm", "rigid"]),
                {"kind": "cases", "cases": {"as usual": {}, "feedback": {"feedback": True}}},
            ]
        ),
        chunk_runs=None,
    )
    table = run(asked, tmp_path / "s", evaluate=PaperClinic(), space=SPACE).results()
    assert table["preset"].dtype == pl.Enum(["warm", "rigid"])
    assert table["policy"].unique(maintain_order=True).to_list() == ["as usual", "feedback"]
    means = {key: float(rows["dropout"].mean()) for key, rows in table.group_by("preset", "policy")}
    assert means["warm", "as usual"] - means["warm", "feedback"] == pytest.approx(0.05)
    assert means["rigid", "as usual"] - means["warm", "as usual"] == pytest.approx(
        0.2 * 0.3 + 0.1 * 0.4
    )
