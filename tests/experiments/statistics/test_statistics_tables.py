"""What a statistic sees of the tables does not depend on how the tables are laid out."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from experiments.catalogue import STATISTICS
from experiments.statistics import dropout
from experiments.statistics.alliance_outcome import process_outcome_r
from experiments.tables.columns import MissingColumnError
from experiments.tables.run_tables import RunTables
from simulation.errors import AllianceError


def test_the_order_of_rows_does_not_matter(synthetic):
    mixed = RunTables(
        synthetic.clients.sample(fraction=1.0, shuffle=True, seed=1),
        synthetic.sessions.sample(fraction=1.0, shuffle=True, seed=2),
        synthetic.therapists.sample(fraction=1.0, shuffle=True, seed=3),
    )
    for name, function in STATISTICS.items():
        # The noise that the V detector subtracts is dealt to clients in the order of rows.
        tolerance = 0.05 if name == "v_shape_share" else 1e-9
        assert function(mixed) == pytest.approx(function(synthetic), abs=tolerance, nan_ok=True), (
            name
        )


def test_frames_and_plain_arrays_give_the_same_numbers(make_synthetic):
    frames = make_synthetic()
    plain = RunTables(
        {c: frames.clients[c].to_numpy() for c in frames.clients.columns},
        {c: frames.sessions[c].to_numpy() for c in frames.sessions.columns},
        {c: frames.therapists[c].to_numpy() for c in frames.therapists.columns},
    )
    text = {name: np.asarray(plain.sessions["rupture"], dtype=str) for name in ("rupture",)}
    plain = RunTables(plain.clients, {**plain.sessions, **text}, plain.therapists)
    for name, function in STATISTICS.items():
        assert function(plain) == pytest.approx(function(frames), nan_ok=True), name


def test_categorical_columns_are_read_like_text(synthetic):
    categories = pl.Enum(["none", "withdrawal", "confrontation"])
    other = RunTables(
        synthetic.clients, synthetic.sessions.with_columns(pl.col("rupture").cast(categories))
    )
    assert np.array_equal(
        other.panel_is("rupture", "withdrawal"), synthetic.panel_is("rupture", "withdrawal")
    )
    assert other.panel_is("rupture", "withdrawal").any()


def test_the_same_client_number_in_two_clinics_is_two_people():
    clients = pl.DataFrame(
        {
            "run": [0, 0],
            "replicate": [0, 1],
            "client": [7, 7],
            "therapist": [0, 0],
            "status": ["completed", "dropped_out"],
            "sessions": [2, 1],
        }
    )
    sessions = pl.DataFrame(
        {
            "run": [0, 0, 0],
            "replicate": [1, 0, 0],
            "client": [7, 7, 7],
            "session": [1, 2, 1],
            "core_10": [30.0, 12.0, 20.0],
        }
    )
    tables = RunTables(clients, sessions)
    assert tables.studies == 2
    assert tables.therapist[0] != tables.therapist[1]
    np.testing.assert_array_equal(tables.panel("core_10"), [[20.0, 12.0], [30.0, np.nan]])


def test_a_part_is_what_its_studies_alone_would_be(synthetic):
    chosen = synthetic.clients["replicate"] < 3
    alone = RunTables(
        synthetic.clients.filter(chosen),
        synthetic.sessions.filter(pl.col("replicate") < 3),
        synthetic.therapists,
    )
    part = synthetic.part(np.arange(3))
    assert part.studies == 3
    for name, function in STATISTICS.items():
        assert function(part) == pytest.approx(function(alone), nan_ok=True), name


def test_a_missing_column_is_named_with_the_nearest(build):
    tables = build(held=[1, 2], wai_sr_clent=np.ones((2, 2)))
    with pytest.raises(MissingColumnError, match=r"wai_sr_client .* mean wai_sr_clent\?"):
        process_outcome_r(tables)


def test_clients_who_never_started_are_no_starters(build):
    tables = build(held=[0, 3], status=["never_started", "completed"], core_10=np.ones((2, 3)))
    np.testing.assert_array_equal(tables.started, [False, True])
    assert np.isnan(tables.panel("core_10")[0]).all()


def _frames(tables):
    return tables.clients, tables.sessions


def test_a_session_twice_is_refused(build):
    clients, sessions = _frames(build(held=[2], core_10=np.ones((1, 2))))
    with pytest.raises(AllianceError, match="same session of the same client twice"):
        RunTables(clients, pl.concat([sessions, sessions[:1]])).panel("core_10")


def test_a_session_of_nobody_is_refused(build):
    clients, sessions = _frames(build(held=[2], core_10=np.ones((1, 2))))
    with pytest.raises(AllianceError, match="clients table does not have"):
        RunTables(clients, sessions.with_columns(pl.lit(99).alias("client"))).panel("core_10")


def test_a_client_twice_is_refused(build):
    clients, sessions = _frames(build(held=[2], core_10=np.ones((1, 2))))
    with pytest.raises(AllianceError, match="two rows for the same"):
        RunTables(pl.concat([clients, clients]), sessions).panel("core_10")


def test_sessions_are_counted_from_one(build):
    clients, sessions = _frames(build(held=[2], core_10=np.ones((1, 2))))
    with pytest.raises(AllianceError, match="number 0"):
        RunTables(clients, sessions.with_columns(pl.col("session") - 1)).panel("core_10")


def test_what_was_read_once_cannot_be_changed(synthetic):
    with pytest.raises(ValueError, match="read-only"):
        synthetic.panel("core_10")[0, 0] = 1.0


def test_an_unknown_definition_of_dropout_names_the_nearest(synthetic):
    with pytest.raises(AllianceError, match="unilateral"):
        dropout.dropout_rate(synthetic, "unilaterl")


def test_every_study_is_in_exactly_one_batch(synthetic):
    batches = synthetic.batches(5)
    dealt = [sorted(set(batch.clients["replicate"])) for batch in batches]
    assert dealt == [[0, 5, 10], [1, 6, 11], [2, 7], [3, 8], [4, 9]]
    assert synthetic.batches(5) is batches
