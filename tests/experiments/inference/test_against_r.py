"""Mixed models, robust errors and dropout, held against R.

R 4.2.2 with lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, nlme 3.1-162, clubSandwich 0.5.8 and survival 3.5-3.
"""

from __future__ import annotations

from typing import Any

import pytest

from experiments.inference import Fitted, analysis
from tests.experiments.inference import reference_data as data

SETS = {name: getattr(data, f"data_{name}") for name in "abcdefg"}

PLAIN: dict[str, Any] = {"covariates": ()}
CROSSED: dict[str, Any] = {"random": "therapist_by_arm"}
PARTIAL: dict[str, Any] = {"random": "therapist_in_arm"}
ALIKE: dict[str, Any] = {"random": "therapist_in_arm", "residual_by_arm": False}
LINES: dict[str, Any] = {"time": "linear"}

# In F the variance of slopes is that of the lowest criterion found here, which is 1e-10 below that of lmer with
# rhoend = 1e-12 (.0052244396); with its defaults lmer stops at .00522837.
# Data and model, then estimate; SE, df and p by Satterthwaite; by Kenward-Roger; variances; REML criterion.
MIXED = [
    ("a", "lmm", {}, -1.8697482, (1.4495945, 8.01439, 0.2330778), (1.4496053, 7.969105, 0.2332782),
     {"therapist": 3.563369, "residual": 20.206846}, 709.801608),
    ("a", "lmm", PLAIN, -1.4333333, (1.5569819, 8.0, 0.3841871), (1.5569819, 8.0, 0.3841871),
     {"therapist": 3.203506, "residual": 34.283712}, 766.165492),
    ("b", "lmm", {}, -2.2190465, (1.6983249, 8.52749, 0.2254823), (1.7100035, 7.638585, 0.2322085),
     {"therapist": 4.793378, "residual": 21.266077}, 626.877178),
    ("c", "lmm", {}, -1.06124125, (0.941139817, 90.03104787, 0.262479701), (0.941350534, 90.16997297, 0.262581191),
     {"therapist": 2.47772175, "residual": 22.0354815}, 597.81526959),
    ("c", "lmm", CROSSED, -1.06124125, (0.941139818, 90.03104775, 0.262479702),
     (0.950651709, 6.68551259, 0.302789487),
     {"therapist": 2.47772175, "therapist arm": 0.0, "residual": 22.0354815}, 597.81526959),
    ("d", "lmm", {}, -2.0156456, (0.8045841, 117.0, 0.0136139), (0.8046347, 7.908864, 0.0369749),
     {"therapist": 0.0, "residual": 19.354722}, 695.718813),
    ("d", "lmm", PLAIN, -1.5833333, (1.0509700, 118.0, 0.1345998), (1.0509700, 8.0, 0.1703511),
     {"therapist": 0.0, "residual": 33.136141}, 756.131879),
    ("e", "lmm", ALIKE, -2.14213157, (1.042416038, 10.27544777, 0.066203034),
     (1.0424203, 10.26501038, 0.066231502),
     {"therapist arm 1": 2.54680817, "residual": 19.7970328}, 702.49148104),
    ("f", "lmm3", LINES, -0.1563163, (0.0823336, 35.655, 0.0657376), (0.0835221, 40.7255, 0.0684631),
     {"therapist": 3.71701, "client": 18.07460, "client time": 0.0052244570, "client (1, time)": -0.2548793,
      "residual": 4.835740}, 971.266893),
]  # fmt: skip


def assert_test(fitted: Fitted, se: float, df: float, p: float) -> None:
    # As many digits as were printed.
    assert fitted.se == pytest.approx(se, rel=1e-6)
    assert fitted.df == pytest.approx(df, rel=1e-4)
    assert fitted.p == pytest.approx(p, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "kind", "options", "estimate", "satterthwaite", "kenward_roger", "variances", "reml"),
    MIXED,
)
def test_mixed_models(
    name: str,
    kind: str,
    options: dict[str, Any],
    estimate: float,
    satterthwaite: tuple[float, float, float],
    kenward_roger: tuple[float, float, float],
    variances: dict[str, float],
    reml: float,
) -> None:
    for df, answers in (("satterthwaite", satterthwaite), ("kenward_roger", kenward_roger)):
        fitted = analysis(kind, df=df, **options)(SETS[name]())
        assert fitted.failed is None
        assert fitted.estimate == pytest.approx(estimate, rel=1e-6)
        assert_test(fitted, *answers)
        assert fitted.variances == pytest.approx(variances, rel=2e-6)
        assert fitted.reml == pytest.approx(reml, abs=1e-6)
        assert fitted.boundary == (0.0 in variances.values())


@pytest.mark.parametrize(("name", "p"), [("a", 0.23314023391), ("b", 0.22765456)])
def test_degrees_of_freedom_between_therapists_are_those_of_nlme(name: str, p: float) -> None:
    fitted = analysis("lmm", df="between_within")(SETS[name]())
    assert fitted.df == 8
    # With msTol = tolerance = 1e-14; by its defaults nlme has .2331430 and .2276558.
    assert fitted.p == pytest.approx(p, abs=1e-6)


def test_a_residual_variance_in_each_arm_is_that_of_nlme() -> None:
    fitted = analysis("lmm", df="satterthwaite", **PARTIAL)(data.data_e())
    assert fitted.estimate == pytest.approx(-2.142300498923, rel=1e-6)
    assert fitted.se == pytest.approx(1.046541523485, rel=2e-6)
    # nlme stops at a relative change of its criterion; so its variances have fewer digits.
    assert fitted.variances["therapist arm 1"] == pytest.approx(2.60318832727, rel=1e-5)
    assert fitted.variances["residual 0"] == pytest.approx(20.3107155042, rel=1e-6)
    assert fitted.variances["residual 1"] == pytest.approx(19.2363666204, rel=1e-6)
    assert fitted.reml == pytest.approx(702.449898144, abs=1e-7)


@pytest.mark.parametrize(
    ("name", "estimate", "se", "p"),
    [
        ("a", -1.8659542, 0.8793807, 0.0359560),
        ("b", -3.0731345, 0.9874475, 0.0024093),
        ("c", -0.971710191375, 0.9863817773521, 0.327013143636),
        ("d", -2.0156456, 0.8045841, 0.0136139),
    ],
)
def test_ancova(name: str, estimate: float, se: float, p: float) -> None:
    fitted = analysis("ancova")(SETS[name]())
    assert fitted.estimate == pytest.approx(estimate, rel=1e-6)
    assert fitted.se == pytest.approx(se, rel=1e-6)
    assert fitted.p == pytest.approx(p, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "se", "df", "p"),
    [
        ("a", 1.4546086, 7.9934271, 0.2355101),
        ("b", 1.8414210, 6.2002361, 0.1445792),
        ("d", 0.5023164, 7.9934271, 0.0038870),
    ],
)
def test_errors_robust_to_therapists(name: str, se: float, df: float, p: float) -> None:
    assert_test(analysis("ancova_cr2")(SETS[name]()), se, df, p)


@pytest.mark.parametrize(
    ("name", "se", "p"), [("a", 1.38, 0.2083), ("b", 1.68, 0.0998850), ("d", 0.477, 0.0022181)]
)
def test_errors_of_stata(name: str, se: float, p: float) -> None:
    fitted = analysis("ancova_cr2", correction="CR1S")(SETS[name]())
    assert fitted.df == 9
    assert fitted.se == pytest.approx(se, abs=0.005)
    assert fitted.p == pytest.approx(p, abs=5e-5 if name == "a" else 1e-6)


def test_errors_robust_to_clients_without_a_therapist() -> None:
    fitted = analysis("ancova_cr2")(data.data_e())
    assert (round(fitted.se, 4), round(fitted.df, 1), round(fitted.p, 4)) == (1.0625, 18.4, 0.0589)


@pytest.mark.parametrize(
    ("kind", "options", "estimate", "se"),
    [
        ("cox", {"robust": False}, -0.7546058410, 0.2162854919),
        ("cox", {"robust": False, "ties": "breslow"}, -0.7053146505, 0.2162868107),
        ("cox", {}, -0.7546058410, 0.1229567522),
        ("hazard", {"robust": False}, -0.8198163957, 0.2328905065),
        ("hazard", {"robust": False, "link": "cloglog"}, -0.7636942676, 0.2165912597),
        ("hazard", {}, -0.819816395729, 0.134742201453),
        ("hazard", {"link": "cloglog"}, -0.76369426761, 0.129737254704),
    ],
)
def test_dropout(kind: str, options: dict[str, Any], estimate: float, se: float) -> None:
    fitted = analysis(kind, **options)(data.data_g())
    assert fitted.failed is None
    assert fitted.estimate == pytest.approx(estimate, rel=1e-6)
    assert fitted.se == pytest.approx(se, rel=1e-6)


@pytest.mark.parametrize(
    ("link", "df", "p"),
    [("logit", 6.7082777326, 0.00058780032987), ("cloglog", 6.6944476976, 0.00071670673091894)],
)
def test_degrees_of_freedom_of_a_robust_hazard(link: str, df: float, p: float) -> None:
    fitted = analysis("hazard", link=link)(data.data_g())
    assert fitted.df == pytest.approx(df, rel=1e-4)
    assert fitted.p == pytest.approx(p, abs=1e-6)
