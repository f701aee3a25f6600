"""Designs: the right points, in a fixed order, typed as the parameters are."""

from __future__ import annotations

import itertools
import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.design.designs import Grid, OneAtATime, Product, Union
from experiments.design.factors import parse_factor
from experiments.design.listed_designs import Cases, Presets, Table
from experiments.design.parameter_space import model_space
from experiments.design.sampling import LatinHypercube, Morris, Saltelli, Sobol
from experiments.design.study import Study
from experiments.design.value import StudyError
from experiments.execution.plan import plan
from simulation.errors import AllianceError
from tests.experiments.studies.clinic_of_paper import SPACE, small_study

UNIT = {
    "empathy": "0:1",
    "boundary": "0.2:0.4",
    "caseload": "1:40",
    "network": ["none", "ring", "hub"],
}


def points(design):
    made = design.points(SPACE)
    return made.rows(0, len(made))


def test_a_grid_is_every_combination_with_the_last_factor_fastest():
    design = Grid(factors={"empathy": "0.2:0.8:4", "network": ["hub", "none"]})
    expected = itertools.product([0.2, 0.4, 0.6, 0.8], ["hub", "none"])
    assert points(design) == [{"empathy": e, "network": n} for e, n in expected]


def test_evenly_spaced_levels_are_the_decimal_numbers_they_look_like():
    assert [p["empathy"] for p in points(Grid(factors={"empathy": "0.1:0.7:7"}))] == [
        0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7,
    ]  # fmt: skip


def test_whole_numbers_stay_whole_and_are_never_rounded():
    levels = [p["caseload"] for p in points(Grid(factors={"caseload": "5:35:4"}))]
    assert levels == [5, 15, 25, 35]
    assert all(isinstance(level, int) for level in levels)
    with pytest.raises(StudyError, match="whole number"):
        points(Grid(factors={"caseload": "5:36:4"}))
    with pytest.raises(StudyError, match="never rounded"):
        points(Grid(factors={"caseload": [5.5]}))


@pytest.mark.parametrize("design", [
    LatinHypercube(factors=UNIT, size=64),
    Sobol(factors=UNIT, size=64),
    Saltelli(factors=UNIT, base=16),
    Morris(factors=UNIT, trajectories=8),
], ids=lambda d: d.kind)  # fmt: skip
def test_samples_stay_inside_bounds_and_types(design):
    drawn = points(design)
    assert len(drawn) >= 40
    for point in drawn:
        assert 0 <= point["empathy"] <= 1
        assert 0.2 <= point["boundary"] <= 0.4
        assert type(point["caseload"]) is int
        assert 1 <= point["caseload"] <= 40
        assert point["network"] in {"none", "ring", "hub"}


@pytest.mark.parametrize("kind", [LatinHypercube, Sobol])
def test_a_sample_is_the_same_for_a_seed_and_another_for_another(kind):
    first, again, other = (points(kind(factors=UNIT, size=32, seed=s)) for s in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_latin_hypercube_has_one_point_in_every_slice():
    unit = LatinHypercube(factors=UNIT, size=50).unit()
    for column in unit.T:
        assert sorted((column * 50).astype(int)) == list(range(50))


def test_whole_numbers_and_words_are_equally_likely_in_a_sample():
    drawn = points(Sobol(factors={"caseload": "1:4", "network": ["none", "ring"]}, size=256))
    assert np.bincount([p["caseload"] for p in drawn])[1:].tolist() == pytest.approx(
        [64] * 4, abs=3
    )
    assert sum(p["network"] == "ring" for p in drawn) == 128


def test_saltelli_and_morris_have_the_points_their_methods_need():
    three = {"empathy": "0:1", "boundary": "0:1", "caseload": "1:40"}
    assert len(Saltelli(factors=three, base=8).points(SPACE)) == 8 * 5
    assert len(Saltelli(factors=three, base=8, second_order=True).points(SPACE)) == 8 * 8
    unit = Morris(factors=three, trajectories=5).unit()
    steps = (np.diff(unit.reshape(5, 4, 3), axis=1) != 0).sum(axis=2)
    assert (steps == 1).all()


def test_one_at_a_time_moves_one_factor_and_shows_the_base_in_the_others():
    study = small_study(design=OneAtATime(factors={"empathy": [0.2], "caseload": [5, 30]}))
    planned = plan(study, SPACE)
    assert [planned.row(p) for p in planned.points.rows(0, 4)] == [
        {"empathy": 0.5, "caseload": 15},
        {"empathy": 0.2, "caseload": 15},
        {"empathy": 0.5, "caseload": 5},
        {"empathy": 0.5, "caseload": 30},
    ]


def test_a_product_is_every_point_with_every_point():
    design = Product(designs=[Presets(names=["warm", "rigid"]), Grid(factors={"caseload": [5, 9]})])
    assert points(design) == [
        {"preset": p, "caseload": c} for p in ("warm", "rigid") for c in (5, 9)
    ]


def test_a_union_keeps_the_base_where_a_design_says_nothing():
    study = small_study(
        design=Union(designs=[Presets(names=["warm"]), Grid(factors={"empathy": [0.3]})])
    )
    planned = plan(study, SPACE)
    assert [planned.row(p) for p in planned.points.rows(0, 2)] == [
        {"preset": "warm", "empathy": 0.8},
        {"preset": None, "empathy": 0.3},
    ]


@given(start=st.integers(0, 40), length=st.integers(0, 40))
def test_any_stretch_of_points_is_that_stretch_of_all_points(start, length):
    inner = Union(
        designs=[
            Grid(factors={"empathy": "0.1:0.9:5"}),
            LatinHypercube(factors={"empathy": "0:1"}, size=6),
        ]
    )
    made = Product(designs=[Presets(names=["warm", "rigid"]), inner]).points(SPACE)
    everything = made.rows(0, len(made))
    assert len(everything) == 22
    stop = min(start + length, 22)
    assert made.rows(min(start, stop), stop) == everything[min(start, stop) : stop]


def test_a_later_setting_wins_factor_over_case_over_study_over_preset():
    study = small_study(
        preset="warm",
        settings={"caseload": 9},
        design=Product(
            designs=[
                Cases(cases={"a": {"caseload": 3, "feedback": True}, "b": {}}),
                Grid(factors={"boundary": [0.2]}),
            ]
        ),
    )
    planned = plan(study, SPACE)
    first, second = (planned.settings(p) for p in planned.points.rows(0, 2))
    assert first == {"preset": "warm", "caseload": 3, "feedback": True, "boundary": 0.2}
    assert second == {"preset": "warm", "caseload": 9, "boundary": 0.2}


def test_presets_are_laid_over_the_study_s_own_preset_and_stay_below_its_settings():
    study = small_study(
        preset=["warm"],
        settings={"caseload": 9},
        design=Presets(name="frame", names=["base", "rigid"]),
    )
    planned = plan(study, SPACE)
    bare, rigid = planned.points.rows(0, 2)
    assert planned.settings(bare) == {"preset": "warm", "caseload": 9}
    assert planned.settings(rigid) == {"preset": "warm+rigid", "caseload": 9}
    assert planned.row(rigid) == {"frame": "rigid"}


def test_designs_of_a_product_may_not_set_the_same_parameter():
    cases = Cases(cases={"warmer": {"empathy": 0.9}})
    with pytest.raises(StudyError, match="both set empathy"):
        Product(designs=[cases, Grid(factors={"empathy": [0.3]})]).points(SPACE)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_comes_from_a_file_a_frame_or_toml_alike(suffix, tmp_path):
    frame = pl.DataFrame(
        {"empathy": [0.1, 0.9], "network": ["hub", "none"], "feedback": [True, False]}
    )
    write = frame.write_csv if suffix == "csv" else frame.write_parquet
    write(tmp_path / f"points.{suffix}")
    (tmp_path / "study.toml").write_text(f'[design]\nkind = "table"\npath = "points.{suffix}"\n')
    from_toml = Study.load(tmp_path / "study.toml").design
    pandas = pytest.importorskip("pandas").DataFrame(frame.to_dict(as_series=False))
    assert from_toml == Table.from_frame(frame) == Table.from_frame(pandas)
    assert points(from_toml) == frame.to_dicts()


@pytest.mark.parametrize(
    "design",
    [
        Grid(factors={"empathy": "0.2:0.8:7", "network": ["hub"], "feedback": [True, False]}),
        OneAtATime(factors={"caseload": {"low": 1, "high": 16, "points": 5, "scale": "log"}}),
        Sobol(factors=UNIT, size=8, seed=3),
        Morris(factors=UNIT, trajectories=4),
        Product(
            designs=[Presets(names=["warm"]), Cases(name="rule", cases={"a b": {"caseload": 3}})]
        ),
        Union(
            designs=[Table(columns={"empathy": (0.1, 0.2)}), LatinHypercube(factors=UNIT, size=3)]
        ),
    ],
    ids=lambda design: design.kind,
)
def test_a_study_means_the_same_in_python_and_in_toml(design):
    study = small_study(design=design, question='Why "so"?\nTwo lines, äö, \\ and \x7f')
    again = Study.from_toml(study.to_toml())
    assert again == study
    assert again.fingerprint == study.fingerprint


def test_the_fingerprint_changes_with_what_results_depend_on_and_with_nothing_else():
    study = small_study()
    assert study.fingerprint == small_study(name="n", question="q").fingerprint
    for change in (
        {"seed": 9},
        {"outcomes": ("change",)},
        {"settings": {"clients": 3}},
        {"chunk_runs": 4},
    ):
        assert study.fingerprint != small_study(**change).fingerprint


@given(low=st.integers(-1000, 1000), width=st.integers(1, 1000), count=st.integers(2, 50))
def test_the_text_of_the_command_line_is_read_as_it_looks(low, width, count):
    factor = parse_factor(f"{low}:{low + width}:{count}")
    assert (factor.low, factor.high, factor.points) == (low, low + width, count)


def test_values_on_the_command_line_keep_their_type():
    assert parse_factor("1,2.0,true,ring").values == (1, 2.0, True, "ring")


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ({"empaty": [0.5]}, "Did you mean empathy"),
        ({"empathy": [1.5]}, "empathy takes a number from 0 to 1"),
        ({"empathy": [True]}, "empathy takes a number from 0 to 1"),
        ({"feedback": [1]}, "feedback is true or false"),
        ({"network": "0:1:3"}, "network takes words"),
        ({"empathy": [0.5, 0.5]}, "the same value twice"),
        ({"caseload": ["many"]}, "caseload takes a whole number from 1 to 40"),
        ({"empathy": "0:1"}, "empathy needs a number of points"),
    ],
)
def test_a_grid_the_model_cannot_take_is_refused(factors, said):
    with pytest.raises(AllianceError, match=said):
        points(Grid(factors=factors))


def test_a_study_cannot_be_changed():
    with pytest.raises(Exception, match="frozen"):
        small_study().seed = 5


def test_a_study_is_told_before_it_runs_that_no_network_can_be_read_from_a_file():
    with pytest.raises(StudyError, match="supervision_network = file is not possible in a study"):
        Grid(factors={"supervision_network": ["ring", "file"]}).points(model_space())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[design\n", "^{file} is not valid TOML: "),
        (
            'replicates = 3\n[design]\nkind = "grid"\nfactors = { empathy = [0.2, 0.4] }\n',
            r"^replicates is not a field here. It belongs under \[replication\].$",
        ),
        (
            'sead = 3\n[design]\nkind = "grid"\nfactors = { empathy = [0.2, 0.4] }\n',
            "^sead is not a field here. Did you mean seed?",
        ),
    ],
    ids=["not TOML", "in the wrong table", "misspelt"],
)
def test_what_is_wrong_with_a_study_file_is_said_so_that_it_can_be_mended(
    text, complaint, tmp_path
):
    file = tmp_path / "study.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(AllianceError, match=complaint.replace("{file}", re.escape(str(file)))):
        Study.load(file)
