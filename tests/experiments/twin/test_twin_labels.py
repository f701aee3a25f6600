"""No label, no text beside a twin says who somebody is; those of ordinary codes stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from experiments.examples.counselling_records import FILE
from experiments.records.mapping import DataMapping
from experiments.twin import making
from experiments.twin.labels import refuse_names, shared_forms
from experiments.twin.learning import learn
from experiments.twin.maker import Maker
from experiments.twin.making import Twin, make_twin
from experiments.twin.original import read_original
from experiments.twin.packages import ColumnForms
from experiments.twin.privacy import Privacy
from simulation.errors import AllianceError
from tests.experiments.twin.exports import MAPPING, survey

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.twin.fitting import QuickFit

pyreadstat = pytest.importorskip("pyreadstat")

FRAME = pl.read_csv(FILE)
CLIENTS = FRAME["client"].unique(maintain_order=True).to_list()
NUMBER = {client: place for place, client in enumerate(CLIENTS, 1)}
THERAPISTS = sorted(FRAME["therapist"].unique().to_list())

LABELS = {
    "ended": {1: "regular end", 2: "dropout", 3: "moved to Elsewhere"},
    "client": {number: f"Client{number} Surname{number}" for number in NUMBER.values()},
    "therapist": {place: f"Dr. Helper {place}ab" for place in range(1, len(THERAPISTS) + 1)},
    "town": {1: "Firsttown", 2: "Secondtown", -9: "not asked"},
    "free": {1: "likes it"},
    "seen": {1: "by others", 2: "by dr. helper 2ab, too"},
    "diagnosis": {1: "depression", 2: "rare illness", -9: "not asked", 5: "nobody has it"},
    "wai_sr": {12: "seldom", 999: "refused"},
    "age": {20: "twenty"},
}
"""The third ending, a town and a diagnosis are of three clients and fewer."""

QUESTIONS = {
    "wai_sr": "Working alliance, sum",
    "core_10": "Distress, seen by Dr. Helper 1AB in his room",
    "gender": "Said in Secondtown",
    "diagnosis": "First diagnosis",
}

TELLING = re.compile(
    r"surname|likes it|helper|firsttown|secondtown|rare illness|elsewhere|nobody has|seldom|twenty",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, fit: QuickFit) -> None:
    """Attack no twin here: that is another file's."""
    monkeypatch.setattr(making, "QuickFit", lambda **_: fit)
    monkeypatch.setattr(Maker, "attacked", lambda *_: Privacy(0, 0.0, (), 0.1, 0.1, (), 0))


def labelled(path: Path) -> None:
    """Write records with numbers for everything that is a word, and labels that say what they mean."""
    number = pl.col("client").replace_strict(NUMBER, return_dtype=pl.Int64)
    ended = {"completed": 1, "dropped out": 2, "limit reached": 2}
    frame = FRAME.with_columns(
        number.alias("client"),
        pl.col("therapist").replace_strict({t: p for p, t in enumerate(THERAPISTS, 1)}),
        pl.when(pl.col("ended").is_not_null() & (number <= 3))
        .then(3)
        .otherwise(pl.col("ended").replace_strict(ended, default=None, return_dtype=pl.Int64))
        .alias("ended"),
        pl.col("wai_sr").cast(pl.Float64).fill_null(999.0),
        pl.col("date").str.to_date(),
        pl.when(number <= 80).then(1).otherwise(2).alias("town"),
        pl.when(number % 2 == 0).then(1).otherwise(2).alias("seen"),
        pl.when(number <= 3).then(1).alias("free"),
        pl.when(number <= 3).then(2).when(number % 4 == 0).then(-9).otherwise(1).alias("diagnosis"),
    )
    more: dict[str, Any] = {"column_labels": QUESTIONS, "variable_value_labels": LABELS}
    if path.suffix == ".sav":
        pyreadstat.write_sav(
            frame,
            str(path),
            missing_ranges={"wai_sr": [999], "diagnosis": [-9], "town": [-9]},
            **more,
        )
    else:
        pyreadstat.write_dta(frame.with_columns(FRAME["wai_sr"]), str(path), **more)


def made(path: Path) -> tuple[Twin, list[Path]]:
    target = path.with_name(f"twin{path.suffix}")
    endings = {
        "regular end": "completed",
        "dropout": "dropped_out",
        "moved to Elsewhere": "in_treatment",
    }
    twin = make_twin(path, target, DataMapping(endings=endings))
    return twin, list(twin.write(target))


@pytest.mark.parametrize("ending", [".sav", ".dta"])
def test_labels_of_ordinary_codes_stay_and_none_says_who_somebody_is(
    ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"records{ending}"
    labelled(path)
    twin, files = made(path)
    read = pyreadstat.read_sav if ending == ".sav" else pyreadstat.read_dta
    _, about = read(str(files[0]))
    stay: dict[str, dict[int, str]] = {"ended": {1: "regular end", 2: "dropout"}}
    stay |= {"diagnosis": {1: "depression", -9: "not asked"}, "seen": {1: "by others"}}
    if ending == ".sav":
        stay["wai_sr"] = {999: "refused"}
    assert about.variable_value_labels == stay
    labels = {name: label for name, label in about.column_names_to_labels.items() if label}
    assert labels == {"wai_sr": "Working alliance, sum", "diagnosis": "First diagnosis"}
    for file in files:
        for coding in ("utf-8", "latin-1", "utf-16-le"):
            assert not TELLING.search(file.read_bytes().decode(coding, errors="ignore")), file
    assert "1 = regular end, 2 = dropout" in twin.codebook
    assert '"regular end" = "completed"' in twin.mapping
    said = [note for note in twin.notes if note.startswith("Labels that contain")]
    assert len(said) == 1
    assert said[0].endswith(": core_10, gender.")


def test_a_code_of_five_clients_keeps_its_label_and_one_of_four_does_not(tmp_path: Path) -> None:
    path = tmp_path / "records.sav"
    labels = {1: "usual", 2: "of five", 3: "of four"}
    number = pl.col("client").replace_strict(NUMBER, return_dtype=pl.Int64)
    kind = pl.when(number <= 5).then(2).when(number <= 9).then(3).otherwise(1).alias("kind")
    pyreadstat.write_sav(
        FRAME.with_columns(kind), str(path), variable_value_labels={"kind": labels}
    )
    original = read_original(path)
    forms = shared_forms(original, learn(original))
    assert forms.value_labels["kind"] == {1: "usual", 2: "of five"}


def test_entries_of_other_columns_that_say_who_somebody_is_are_not_drawn(tmp_path: Path) -> None:
    """Half the clients have their therapist in a column of their own; yes and no stand in one of telephones, too."""
    path = tmp_path / "records.csv"
    named = pl.col("client").replace_strict(NUMBER, return_dtype=pl.Int64) % 2 == 0
    FRAME.with_columns(
        therapist=pl.lit("Helper ") + pl.col("therapist"),
        asked=pl.when(named).then(pl.lit("by helper ") + pl.col("therapist")).otherwise(pl.lit("none")),
        phone=pl.when(named).then(pl.lit("nein")).otherwise(pl.lit("none")),
        smoker=pl.when(named).then(pl.lit("nein")).otherwise(pl.lit("gelegentlich")),
    ).write_csv(path)  # fmt: skip
    original = read_original(path)
    others = learn(original).others
    assert others["asked"].categories.entries == ("none",)
    assert others["smoker"].categories.entries == ("gelegentlich", "nein")


def test_a_text_of_a_question_that_names_somebody_is_not_in_a_twin(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    text = survey()
    for name, stays in (("somebody", True), ("PERSON7@clinic.example", False)):
        asked = text.replace("How about wai_sr", f"How about {name} and wai_sr")
        path.write_text(asked, encoding="utf-8")
        found = read_original(path, MAPPING).survey
        assert found is not None
        assert (name in str(found.heads)) == ("wai_sr" in found.labels) == stays
        assert "core_10" in found.labels


def test_nothing_is_written_where_a_text_of_the_twin_still_says_who_somebody_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "records.csv"
    FRAME.with_columns(therapist=pl.lit("Helper ") + pl.col("therapist")).write_csv(path)
    original = read_original(path)
    name = original.texts("therapist")[0]
    clean = {"gender": ["f", "m"], "core_10": ["1", "2"]}
    refuse_names(original, clean, ColumnForms(labels={"gender": "Helper of nobody"}))
    for columns, forms in (
        ({"gender": ["f", f"of {name.upper()}"]}, ColumnForms()),
        (clean, ColumnForms(labels={"gender": f"said by {name}."})),
        (clean, ColumnForms(value_labels={"gender": {1: f"({name})"}})),
        ({f"seen by {name}": ["1"]}, ColumnForms()),
    ):
        with pytest.raises(AllianceError, match="says who or where somebody is"):
            refuse_names(original, columns, forms)
