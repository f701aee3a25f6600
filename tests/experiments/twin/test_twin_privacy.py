"""The attacks on a twin find a generator that copies, one record that was copied, and nothing where nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from experiments.examples.counselling_records import FILE
from experiments.records import read_records
from experiments.twin import maker as maker_module
from experiments.twin import making
from experiments.twin.copies import find_copies
from experiments.twin.features import courses_as_scores, distances, features_of
from experiments.twin.learning import learn
from experiments.twin.maker import Maker
from experiments.twin.making import PrivacyError, make_twin
from experiments.twin.original import Original, read_original
from experiments.twin.privacy import Halves, attack_halves

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.twin.fitting import QuickFit

FRAME = pl.read_csv(FILE)


@pytest.fixture(scope="module")
def real() -> Original:
    return read_original(FILE)


@pytest.fixture(scope="module")
def maker(real: Original, fit: QuickFit) -> Maker:
    return Maker(real, fit, 1)


@pytest.fixture(scope="module")
def twin(maker: Maker) -> Original:
    return maker.read(maker.drawn(0).table)


def thirds(real: Original) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return three parts of the courses as masks."""
    of = np.random.default_rng(1).permutation(real.records.clients) % 3
    return of == 0, of == 1, of == 2


def test_no_record_is_within_the_twin_beyond_chance(real: Original, twin: Original) -> None:
    random = np.random.default_rng(1)
    copies, expected, copied = find_copies(courses_as_scores(real), courses_as_scores(twin), random)
    assert copied == ()
    assert copies <= 3
    assert 0.0 < expected < 2.0


def test_one_copied_record_is_found(real: Original, twin: Original) -> None:
    random = np.random.default_rng(1)
    courses, made = courses_as_scores(real), courses_as_scores(twin)
    middle = sorted(courses, key=len)[len(courses) // 2]
    _, _, copied = find_copies(courses, [*made[1:], middle], random)
    assert copied == (len(made) - 1,)


def test_no_twin_with_a_copied_record_is_written(
    maker: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken on purpose: the program itself lets a real record slip in."""
    make = Maker.read

    def with_one_record(self: Maker, table) -> Original:
        honest = make(self, table)
        rows = (
            pl.read_csv(FILE)
            .filter(pl.col("client") == "C001")
            .with_columns(client=pl.lit("twin-x"))
        )
        path = tmp_path / "leaking.csv"
        own = pl.DataFrame(dict(zip(honest.file.header, honest.file.columns, strict=True)))
        own = own.select(pl.when(pl.all() != "").then(pl.all()))
        pl.concat([own, rows.select(own.columns).cast(pl.String)]).write_csv(path)
        return read_original(path)

    monkeypatch.setattr(maker_module, "HALVES", 1)
    monkeypatch.setattr(maker_module, "MOST_SHADOWED", 0)
    monkeypatch.setattr(making, "QuickFit", lambda **_: maker.fit)
    monkeypatch.setattr(Maker, "read", with_one_record)
    with pytest.raises(PrivacyError, match="every score of a real one"):
        make_twin(FILE, tmp_path / "twin.csv")


def test_attacks_find_a_generator_that_gives_back_what_it_learned(real: Original) -> None:
    features = features_of(real)
    learned, others, _ = thirds(real)
    attacks = attack_halves(
        [Halves(features.only(learned), features.only(others), features.only(learned))]
    )
    works = {one.name for one in attacks if one.works}
    assert {"distance to closest record", "membership inference"} <= works
    assert any(name.startswith("attribute inference") for name in works)


def test_attacks_find_a_generator_that_gives_back_half_of_what_it_learned(real: Original) -> None:
    features = features_of(real)
    learned, others, fresh = thirds(real)
    half = learned & (np.cumsum(learned) % 2 == 0)
    attacks = attack_halves(
        [Halves(features.only(learned), features.only(others), features.only(half | fresh))]
    )
    assert any(one.works for one in attacks)


def test_attacks_find_nothing_where_other_clients_are_given(real: Original) -> None:
    features = features_of(real)
    learned, others, fresh = thirds(real)
    attacks = attack_halves(
        [Halves(features.only(learned), features.only(others), features.only(fresh))]
    )
    assert not any(one.works for one in attacks)
    assert {one.name for one in attacks} >= {"distance to closest record", "membership inference"}


def test_the_twin_of_half_the_clients_gives_no_attack_a_hold(real: Original, maker: Maker) -> None:
    chosen = np.arange(real.records.clients) % 2 == 0
    half = features_of(maker.read(maker.drawn(1, chosen).table), features_of(real).spans)
    assert len(half) == chosen.sum()
    features = features_of(real)
    attacks = attack_halves([Halves(features.only(chosen), features.only(~chosen), half)])
    assert not any(one.works for one in attacks)


def test_distances_are_gowers(real: Original) -> None:
    features = features_of(real)
    between = distances(features, features)
    assert np.allclose(np.diag(between), 0.0)
    assert np.allclose(between, between.T)
    assert 0.0 <= between.min() <= between.max() <= 1.0
    i, j = 0, 1
    terms = [
        abs(values[i] - values[j]) / features.spans[name]
        for name, values in features.numbers.items()
        if np.isfinite(values[[i, j]]).all()
    ] + [
        float(codes[i] != codes[j])
        for codes in features.words.values()
        if (codes[[i, j]] >= 0).all()
    ]
    assert between[i, j] == pytest.approx(np.mean(terms))


def test_no_quantile_and_no_share_rests_on_fewer_than_five_clients(
    maker: Maker, real: Original
) -> None:
    learned = learn(real)
    values = real.values("core_10")
    quantiles = learned.scores["core_10"].stages[0]
    assert quantiles is not None
    at_intake = np.sort(values[(real.rows.sessions == 0) & np.isfinite(values)])
    assert quantiles.values[0] == pytest.approx(at_intake[:5].mean())
    assert quantiles.values[-1] == pytest.approx(at_intake[-5:].mean())
    assert len(quantiles.values) <= len(at_intake) // 5 + 1
    for kind in learned.kinds:
        assert min(round(kind.share * share * learned.courses) for *_, share in kind.lengths) >= 5
    assert read_records(FILE).clients == learned.courses
