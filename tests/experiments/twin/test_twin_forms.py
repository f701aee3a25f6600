"""A twin has the columns, the form, the labels and the missing cells of the records, and describe reads it alike."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from experiments.examples.counselling_records import FILE
from experiments.records import read_records
from experiments.records.files import table_of_cells
from experiments.twin import making
from experiments.twin.maker import Maker
from experiments.twin.making import Twin, make_twin
from experiments.twin.privacy import Privacy
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.twin.fitting import QuickFit

FRAME = pl.read_csv(FILE)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, fit: QuickFit) -> None:
    """Attack no twin here: that is another file's."""
    monkeypatch.setattr(making, "QuickFit", lambda **_: fit)
    monkeypatch.setattr(Maker, "attacked", lambda *_: Privacy(0, 0.0, (), 0.1, 0.1, (), 0))


def twin_of(
    path: Path, ending: str | None = None, mapping: Path | None = None
) -> tuple[Twin, Path]:
    target = path.with_name(f"twin{ending or path.suffix}")
    twin = make_twin(path, target, mapping)
    twin.write(target)
    return twin, target


def test_records_of_lengths_that_no_simulated_therapy_has_are_refused(tmp_path: Path) -> None:
    """Everybody was measured once more, at what is read as session 300."""
    path = tmp_path / "records.csv"
    last = FRAME.group_by("client", maintain_order=True).last()
    later = last.select(FRAME.columns).with_columns(session=pl.lit(300, FRAME["session"].dtype))
    pl.concat([FRAME, later]).sort("client", maintain_order=True).write_csv(path)
    with pytest.raises(AllianceError, match="therapies of 300 to 300 sessions, of which the model"):
        twin_of(path)


def semicolons(path: Path) -> None:
    days = pl.col("date").str.to_date().dt.strftime("%d.%m.%Y")
    frame = FRAME.with_columns(days, pl.col("core_10") + 0.5).rename(
        {"client": "Patnr", "date": "Datum", "session": "Sitzung", "ended": "Ende"}
    )
    path.write_text(frame.write_csv(separator=";", decimal_comma=True), encoding="utf-8")


def spss(path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    codes = {"completed": 1, "dropped out": 2, "limit reached": 3}
    frame = FRAME.with_columns(
        pl.col("ended").replace_strict(codes, default=None, return_dtype=pl.Float64),
        pl.col("wai_sr").cast(pl.Float64).fill_null(999.0),
        pl.col("date").str.to_date(),
    )
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels={"wai_sr": "Working alliance, sum"},
        variable_value_labels={"ended": {1: "completed", 2: "dropped out", 3: "session limit"}},
        missing_ranges={"wai_sr": [999]},
        variable_measure={"ended": "nominal", "wai_sr": "scale"},
    )


def stata(path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    pyreadstat.write_dta(FRAME, str(path), column_labels={"wai_sr": "Working alliance, sum"})


def excel(path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    FRAME.with_columns(pl.col("date").str.to_date()).write_excel(path, worksheet="Sessions")


def wide(path: Path) -> None:
    first = FRAME.group_by("client", maintain_order=True).agg(
        pl.col("therapist", "age", "gender").first(), pl.col("ended").last()
    )
    for name in ("wai_sr", "core_10"):
        columns = FRAME.filter(pl.col("session") <= 8).pivot("session", index="client", values=name)
        columns = columns.rename({c: f"{name}_{c}" for c in columns.columns if c != "client"})
        first = first.join(columns, on="client")
    first.drop("wai_sr_0").write_csv(path)


FORMS = {
    "plain.csv": FRAME.write_csv,
    "german.csv": semicolons,
    "wide.csv": wide,
    "records.sav": spss,
    "records.dta": stata,
    "records.xlsx": excel,
}


SLOW = ("german.csv", "records.sav", "records.dta", "records.xlsx", "wide.csv")
"""Some five seconds each."""


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.slow if one in SLOW else ()) for one in FORMS]
)
def test_describe_reads_a_twin_by_the_same_mapping_as_the_records(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    FORMS[name](path)
    twin, target = twin_of(path)
    real = read_records(path)
    again = read_records(target, real.mapping)

    assert table_of_cells(target).header == table_of_cells(path).header
    assert again.columns == real.columns
    assert again.rows_left_out == 0
    assert again.clients == real.clients
    assert again.mapping.scales.keys() == real.mapping.scales.keys()
    assert again.tables.dropped_out.mean() == pytest.approx(
        real.tables.dropped_out.mean(), abs=0.12
    )
    for panel in ("wai_sr_client", "core_10"):
        ours, theirs = again.tables.panel(panel), real.tables.panel(panel)
        assert np.nanmean(ours) == pytest.approx(np.nanmean(theirs), abs=2.5)
        assert np.nanstd(ours) == pytest.approx(np.nanstd(theirs), rel=0.2)
    if name != "wide.csv":
        real_missing = np.isnan(real.tables.panel("wai_sr_client")[real.tables.attended]).mean()
        missing = np.isnan(again.tables.panel("wai_sr_client")[again.tables.attended]).mean()
        assert missing == pytest.approx(real_missing, abs=0.08)
    judged = [one for one in twin.statistics if np.isfinite(one.low)]
    assert sum(one.preserved for one in judged) >= 0.6 * len(judged)


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".sav", ".dta", ".xlsx"])
def test_a_twin_can_have_another_form_than_the_records(ending: str, tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat")
    path = tmp_path / "plain.csv"
    FRAME.write_csv(path)
    _, target = twin_of(path, ending)
    again = read_records(target)
    assert again.clients == read_records(path).clients
    assert again.tables.client("core_10_intake").mean() == pytest.approx(
        read_records(path).tables.client("core_10_intake").mean(), abs=2.5
    )


@pytest.mark.slow
def test_labels_measures_and_declared_missing_values_of_spss_stay(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    path = tmp_path / "records.sav"
    spss(path)
    _, target = twin_of(path)
    found, about = pyreadstat.read_sav(str(target), user_missing=True, output_format="dict")
    assert about.file_label == "simulated, not real people"
    assert about.column_names_to_labels["wai_sr"] == "Working alliance, sum"
    # Fewer than five of the clients that are learned from reach the limit.
    assert about.variable_value_labels["ended"] == {1: "completed", 2: "dropped out"}
    assert about.missing_ranges == {"wai_sr": [{"lo": 999.0, "hi": 999.0}]}
    assert about.variable_measure["ended"] == "nominal"
    assert (np.asarray(found["wai_sr"]) == 999).any()


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".dta"])
def test_codes_and_declared_missing_values_of_spss_are_understood_in_other_forms(
    ending: str, tmp_path: Path
) -> None:
    pytest.importorskip("pyreadstat")
    path = tmp_path / "records.sav"
    spss(path)
    _, target = twin_of(path, ending)
    again = read_records(target, target.with_name("twin.map.toml"))
    assert again.clients == read_records(path).clients
    assert 0.2 < again.tables.dropped_out.mean() < 0.7
    assert np.nanmax(again.tables.panel("wai_sr_client")) <= 60


@pytest.mark.slow
def test_stata_and_excel_say_that_nobody_is_real(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    import zipfile

    path = tmp_path / "records.dta"
    stata(path)
    _, target = twin_of(path)
    _, about = pyreadstat.read_dta(str(target))
    assert about.file_label == "simulated, not real people"
    assert about.column_names_to_labels["wai_sr"] == "Working alliance, sum"
    (tmp_path / "excel").mkdir()
    path = tmp_path / "excel" / "records.xlsx"
    excel(path)
    _, target = twin_of(path)
    with zipfile.ZipFile(target) as archive:
        assert b"simulated, not real people" in archive.read("docProps/core.xml")


def test_separator_decimal_comma_and_days_are_written_as_in_the_records(tmp_path: Path) -> None:
    path = tmp_path / "german.csv"
    semicolons(path)
    _, target = twin_of(path)
    header, first, *rest = target.read_text(encoding="utf-8").splitlines()
    assert header == "Patnr;therapist;Sitzung;Datum;wai_sr;core_10;age;gender;Ende"
    cells = dict(zip(header.split(";"), first.split(";"), strict=True))
    assert cells["Datum"].count(".") == 2
    assert any(",5;" in line for line in rest)
    assert not any("." in line.split(";")[5] for line in rest)


@pytest.mark.parametrize("codec", ["cp1252", "utf-8-sig", "utf-8"])
def test_a_csv_keeps_its_encoding(codec: str, tmp_path: Path, fit: QuickFit) -> None:
    from experiments.twin.files import file_bytes, file_columns
    from experiments.twin.original import read_original

    path = tmp_path / "records.csv"
    path.write_bytes(FRAME.rename({"gender": "Geschlecht männlich"}).write_csv().encode(codec))
    maker = Maker(read_original(path), fit, 1)
    table = maker.drawn(0).table
    content = file_bytes(maker.original, file_columns(maker.original, table), path)
    first = content.split(b"\n")[0]
    assert first == path.read_bytes().split(b"\n")[0]
    assert maker.read(table).file.header == maker.original.file.header


def test_identifiers_and_days_are_new_and_nothing_that_is_true_is_within(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    FRAME.write_csv(path)
    twin, target = twin_of(path)
    made = pl.read_csv(target)
    for column in ("client", "therapist"):
        assert not set(made[column]) & set(FRAME[column])
    assert made["date"].max() < FRAME["date"].max()
    truth = pl.read_csv(io.StringIO(twin.truth))
    assert truth.height == made.height
    assert (truth["client"] == made["client"]).all()
    assert not {"trust", "alliance", "distress"} & set(made.columns)
    known = made["core_10"].is_not_null()
    assert (truth["core_10_complete"].filter(known) == made["core_10"].filter(known)).all()
    spacing = made.group_by("client").agg(pl.col("date").str.to_date().sort().diff().drop_nulls())
    assert set(spacing["date"].explode().dt.total_days()) == {7}


def test_free_text_rare_words_and_identifiers_are_never_copied(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    number = {client: place for place, client in enumerate(FRAME["client"].unique().sort())}
    notes = [f"talked about {random.integers(10**6)}" for _ in range(FRAME.height)]
    frame = FRAME.with_columns(
        pl.Series("notes", notes),
        pl.col("client").replace_strict(number).add(50_000).alias("insurance_no"),
        pl.col("client")
        .replace_strict({c: "rare" if n < 3 else "usual" for c, n in number.items()})
        .alias("diagnosis"),
        pl.lit("1980-03-01").alias("born"),
    )
    path = tmp_path / "records.csv"
    frame.write_csv(path)
    twin, target = twin_of(path)
    made = pl.read_csv(target, infer_schema=False)
    assert made["notes"].null_count() == made["insurance_no"].null_count() == made.height
    assert made["born"].null_count() == made.height
    assert set(made["diagnosis"]) == {"usual"}
    (empty,) = (note for note in twin.notes if note.startswith("Left empty"))
    assert empty.endswith("share: notes, insurance_no, born.")
    (drawn,) = (note for note in twin.notes if note.startswith("Each drawn by itself"))
    assert "is lost: age, gender, diagnosis" in drawn


def test_columns_and_rows_stand_where_the_records_have_them(tmp_path: Path) -> None:
    """Age at intake alone, and a last measurement of those alone who ended as planned."""
    at_intake = pl.col("session") == 0
    ended = FRAME.filter(pl.col("ended") == "completed")
    after = ended.with_columns(pl.lit("post").alias("session"), pl.lit(None).alias("wai_sr"))
    frame = FRAME.with_columns(
        pl.when(at_intake).then("age").alias("age"),
        pl.when(at_intake & (pl.col("age") % 4 > 0)).then("gender").alias("gender"),
        pl.col("session").cast(pl.String),
        pl.when(pl.col("ended") != "completed").then("ended").alias("ended"),
    )
    path = tmp_path / "records.csv"
    pl.concat([frame, after.with_columns(age=None, gender=None)], how="vertical_relaxed").write_csv(
        path
    )
    _, target = twin_of(path)
    made = pl.read_csv(target, infer_schema=False)
    at_intake = pl.col("session") == "0"
    assert made.filter(at_intake)["age"].null_count() == 0
    assert made.filter(at_intake)["gender"].null_count() > 10
    assert (
        made.filter(~at_intake)["age", "gender"].null_count().row(0)
        == (made.filter(~at_intake).height,) * 2
    )
    last = made.filter(pl.col("session") == "post")
    assert last.height == pytest.approx(ended.height, abs=25)
    assert set(last["ended"]) == {"completed"}


def test_a_column_of_therapists_that_names_nobody_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    FRAME.with_columns(therapist=None).write_csv(path)
    _, target = twin_of(path)
    made = pl.read_csv(target, infer_schema=False)
    assert made["therapist"].null_count() == made.height > 100


@pytest.mark.slow
def test_clients_who_come_again_do_so_in_the_twin(tmp_path: Path) -> None:
    later = (pl.col("date").str.to_date() + pl.duration(days=900)).dt.strftime("%Y-%m-%d")
    some = FRAME["client"].unique().sort()[:30]
    again = FRAME.filter(pl.col("client").is_in(some.implode())).with_columns(later.alias("date"))
    path = tmp_path / "records.csv"
    pl.concat([FRAME, again]).write_csv(path)
    _, target = twin_of(path)
    real, made = read_records(path), read_records(target)
    assert real.clients == made.clients == FRAME["client"].n_unique() + 30
    persons = pl.read_csv(target)["client"].n_unique()
    assert persons == pytest.approx(FRAME["client"].n_unique(), abs=20)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    path = tmp_path / "plain.csv"
    FRAME.write_csv(path)
    for ending in (".csv", ".xlsx"):
        one, same = (make_twin(path, tmp_path / f"t{ending}") for _ in range(2))
        assert one.content == same.content
        assert one.truth == same.truth
    other = make_twin(path, tmp_path / "t.csv", seed=2)
    assert other.content != make_twin(path, tmp_path / "t.csv").content


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.filter(pl.col("client") < "C035"), "has 34 clients; a twin needs 60"),
        (lambda f: f.with_columns(redcap_event_name=pl.lit("baseline")), "say --session session"),
    ],
)
def test_what_cannot_have_a_twin_is_refused(change, said: str, tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    change(FRAME).write_csv(path)
    with pytest.raises(AllianceError, match=said):
        make_twin(path, tmp_path / "twin.csv")


def test_a_form_that_is_not_written_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(AllianceError, match=r"a twin is a \.csv, \.sav, \.xlsx or \.dta file"):
        make_twin(tmp_path / "none.csv", tmp_path / "twin.rds")


def test_the_shipped_records_are_what_their_script_makes() -> None:
    from experiments.examples.counselling_records import records

    memory = io.BytesIO()
    records().write_csv(memory)
    assert memory.getvalue() == FILE.read_bytes()
    assert next(csv.reader(FILE.open(encoding="utf-8")))[0] == "client"
