"""``alliance fit``: the formulas of R on files, and every refusal in one sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from tests.experiments.inference import reference_data as data
from tests.programs import alliance

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, table: dict[str, Any]) -> Path:
    frame = {name: np.asarray(values) for name, values in table.items()}
    therapist = [f"T{one}" if one >= 0 else "" for one in frame["therapist"].tolist()]
    path = folder / "trial.csv"
    pl.DataFrame({**frame, "therapist": therapist}).write_csv(path)
    return path


def fit(path: Path, formula: str, effect: str = "arm", *more: str) -> tuple[int, str, str]:
    result = alliance("fit", path, "--formula", formula, "--effect", effect, *more)
    return result.exit_code, result.stdout, result.stderr


def found(path: Path, formula: str, effect: str = "arm", *more: str) -> dict[str, Any]:
    code, out, error = fit(path, formula, effect, *more, "--json")
    assert code == 0, error
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_one_intercept(tmp_path: Path) -> None:
    path = written(tmp_path, data.data_a())
    answer = found(path, "score ~ base + arm + (1 | therapist)")
    assert answer["estimate"] == pytest.approx(-1.8697482, rel=1e-6)
    assert answer["se"] == pytest.approx(1.4496053, rel=1e-6)
    assert answer["df"] == pytest.approx(7.969105, rel=1e-4)
    assert answer["p"] == pytest.approx(0.2332782, abs=1e-6)
    assert answer["variances"] == pytest.approx(
        {"therapist": 3.563369, "residual": 20.206846}, rel=1e-6
    )
    assert answer["reml"] == pytest.approx(709.801608, abs=1e-6)
    assert answer["groups"] == {"therapist": 10}


def test_the_intercept_is_tested_by_the_name_that_others_give_it(tmp_path: Path) -> None:
    path = written(tmp_path, data.data_a())
    own = found(path, "score ~ base + arm + (1 | therapist)", "1")
    assert found(path, "score ~ base + arm + (1 | therapist)", "(Intercept)") == own


def test_columns_are_used_as_given(tmp_path: Path) -> None:
    # R: lmer(y ~ base + arm + (1 + arm || th)), arm 0 and 1: not the answer for -1/2 and 1/2.
    path = written(tmp_path, data.data_c())
    answer = found(path, "score ~ base + arm + (1 + arm || therapist)")
    assert answer["se"] == pytest.approx(0.947952373, rel=1e-6)
    assert answer["df"] == pytest.approx(12.25289814, rel=1e-4)
    assert answer["variances"] == pytest.approx(
        {"therapist": 2.4777218, "therapist arm": 0.0, "residual": 22.0354814}, rel=1e-6
    )


def test_an_effect_without_an_intercept(tmp_path: Path) -> None:
    path = written(tmp_path, data.data_c())
    answer = found(path, "score ~ base + arm + (0 + arm | therapist)")
    assert answer["estimate"] == pytest.approx(-0.965904275, rel=1e-6)
    assert (answer["se"], answer["df"]) == (
        pytest.approx(1.120224122, rel=1e-6),
        pytest.approx(17.70262504, rel=1e-4),
    )


def test_correlated_effects_do_not_end_in_a_worse_place_than_their_submodel(tmp_path: Path) -> None:
    # lmer stops at a criterion of 599.851, above the 597.815 that the intercept alone has.
    path = written(tmp_path, data.data_c())
    answer = found(path, "score ~ base + arm + (1 + arm | therapist)")
    assert answer["reml"] <= 597.81526959 + 1e-6


def test_three_levels_with_slopes(tmp_path: Path) -> None:
    path = written(tmp_path, data.data_f())
    formula = "score ~ time*arm + (1 + time | client) + (1 | therapist)"
    answer = found(path, formula, "arm:time")
    assert answer["effect"] == "time:arm"
    assert answer["estimate"] == pytest.approx(-0.1563163, rel=1e-6)
    assert answer["df"] == pytest.approx(40.7255, rel=1e-4)
    assert answer["p"] == pytest.approx(0.0684631, abs=1e-6)
    assert set(answer["variances"]) == {
        "client", "client (1, time)", "client time", "therapist", "residual",
    }  # fmt: skip


def test_clients_without_a_therapist_are_kept_where_none_is_needed(tmp_path: Path) -> None:
    path = written(tmp_path, data.data_e())
    answer = found(path, "score ~ base + arm + (0 + arm | therapist)")
    assert (answer["rows"], answer["groups"]) == (120, {"therapist": 6})
    assert answer["estimate"] == pytest.approx(-2.14213157, rel=1e-6)
    answer = found(path, "score ~ base + (1 | therapist)", "base")
    assert (answer["rows"], answer["left_out"]) == (60, 60)
    assert answer["notes"] == [
        "Left out rows 2, 3, 4, 5, 6, 7, 8, 9 and 52 more: a group is missing."
    ]


def test_a_residual_variance_for_each_arm(tmp_path: Path) -> None:
    path = written(tmp_path, data.data_e())
    answer = found(
        path, "score ~ base + arm + (0 + arm | therapist)", "arm", "--variance-by", "arm"
    )
    assert answer["variances"]["residual arm=0"] == pytest.approx(20.3107155042, rel=1e-6)


def test_without_random_effects_it_is_least_squares(tmp_path: Path) -> None:
    path = written(tmp_path, data.data_a())
    answer = found(path, "score ~ base + arm")
    assert (answer["df"], answer["df_method"]) == (117, "residual")
    assert answer["p"] == pytest.approx(0.0359560, abs=1e-6)


def test_a_factor_has_a_coefficient_for_each_other_value(tmp_path: Path) -> None:
    path = written(tmp_path, data.data_f())
    formula = "score ~ factor(time)*arm + (1 | client) + (1 | therapist)"
    answer = found(path, formula, "factor(time)12:arm")
    names = list(answer["coefficients"])
    times = ["factor(time)4", "factor(time)8", "factor(time)12"]
    assert names == ["1", *times, "arm", *(f"{time}:arm" for time in times)]


WORDS = ("usual", "new")


def in_words(folder: Path) -> Path:
    """Write data set A with the arm in words, as `alliance trial --data` and most clinics have it."""
    path = written(folder, data.data_a())
    frame = pl.read_csv(path)
    frame = frame.with_columns(group=frame["arm"].replace_strict({0: WORDS[0], 1: WORDS[1]}))
    frame.write_csv(path)
    return path


@pytest.mark.parametrize("effect", ["group", "factor(group)", "factor(group)usual"])
def test_a_factor_of_words_is_compared_with_its_first_word(tmp_path: Path, effect: str) -> None:
    path = in_words(tmp_path)
    plain = found(path, "score ~ base + arm + (1 | therapist)")
    answer = found(path, "score ~ base + factor(group) + (1 | therapist)", effect)
    assert list(answer["coefficients"]) == ["1", "base", "factor(group)usual"]
    assert answer["estimate"] == pytest.approx(-plain["estimate"], rel=1e-6)
    assert answer["se"] == pytest.approx(plain["se"], rel=1e-6)


def test_a_row_without_a_word_is_left_out(tmp_path: Path) -> None:
    path = in_words(tmp_path)
    lines = path.read_text().splitlines()
    lines[3] = lines[3].rsplit(",", 1)[0] + ","
    path.write_text("\n".join(lines))
    answer = found(path, "score ~ factor(group)", "group")
    assert (answer["rows"], answer["left_out"]) == (len(lines) - 2, 1)


@pytest.mark.parametrize(
    ("formula", "more", "said"),
    [
        ("score ~ base + group", (), "write factor(group) where it is a predictor"),
        ("score ~ arm", ("--variance-by", "base"), "in one row alone"),
    ],
)
def test_words_and_variances_that_cannot_be_used_say_what_to_do(
    tmp_path: Path, formula: str, more: tuple[str, ...], said: str
) -> None:
    code, _, err = fit(in_words(tmp_path), formula, "arm", *more)
    assert code == 2
    assert said in " ".join(err.split())


def test_the_page_names_the_model_and_marks_the_effect(tmp_path: Path) -> None:
    code, out, _ = fit(written(tmp_path, data.data_d()), "score ~ base + arm + (1 | therapist)")
    assert code == 0
    assert "arm *" in out
    assert "A variance is estimated as 0" in out


@pytest.mark.parametrize(
    ("formula", "effect", "more", "why"),
    [
        ("score ~ bse + arm + (1 | therapist)", "arm", (), "bse is not a column of the file. Did you mean base?"),
        ("score ~ base + arm + (1 | terapist)", "arm", (), "Did you mean therapist?"),
        ("score ~ therapist + arm", "arm", (), "therapist is not numeric: 'T0' in row 2;"),
        ("score ~ base + (1 | therapist)", "arm", (), "arm is not an effect of the formula."),
        ("score ~ base + arm + clinic + (1 | therapist)", "arm", (), "clinic has one value only, 0: leave it out."),
        ("score ~ base + arm + double + (1 | therapist)", "arm", (), "double follows from the columns before it"),
        ("score ~ base + arm + (1 | clinic)", "arm", (), "clinic has 1 group in the rows used"),
        ("score ~ base + arm + (1 | client)", "arm", (), "Each row has a client of its own"),
        ("score ~ base + arm + (1 | therapist) + (1 | same)", "arm", (), "cannot be told apart"),
        ("double ~ base + arm + (1 | therapist)", "arm", (), "does not vary beyond what the other columns say"),
        ("score ~ base + arm +", "arm", (), "cannot be read: it ends too early"),
        ("score ~ base + arm + (1 | therapist)", "arm", ("--variance-by", "x"), "x is not a column of the file."),
        ("score ~ empty + arm", "arm", (), "has no row with all columns of the formula."),
    ],
)  # fmt: skip
def test_a_refusal_is_one_sentence(
    tmp_path: Path, formula: str, effect: str, more: tuple[str, ...], why: str
) -> None:
    table = data.data_a()
    table["double"] = 2 * table["base"]
    table["same"] = table["therapist"] + 100
    table["empty"] = np.full(120, np.nan)
    code, out, error = fit(written(tmp_path, table), formula, effect, *more)
    assert (code, out) == (2, "")
    assert why in error
    assert error.count("\n") == 1


def test_two_therapists_nested_in_two_arms_are_refused(tmp_path: Path) -> None:
    table = {name: values[48:72] for name, values in data.data_a().items()}
    code, _, error = fit(written(tmp_path, table), "score ~ base + arm + (1 | therapist)")
    assert code == 2
    assert "cannot be told apart: there are too few groups" in error


def test_a_code_for_missing_that_no_cell_has_is_named(tmp_path: Path) -> None:
    table = data.data_a()
    table["score"] = np.where(np.arange(len(table["score"])) == 3, 99.0, table["score"])
    path = written(tmp_path, table)
    formula = "score ~ base + arm + (1 | therapist)"
    _, _, error = fit(path, formula, "arm", "--missing", "99,k.A.")
    assert "Left out row 5: a number is missing." in error
    assert "No cell is k.A.: check the codes given with --missing." in error
