"""Randomness: the published generator, one purpose a stream, and draws that know nothing of each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulation
from simulation.engine import closing, intake
from simulation.engine import weeks as engine
from simulation.engine.kernels import draw
from simulation.engine.lanes import (
    DYADS,
    LANES,
    client_draws_in,
    report_draws_in,
    session_draws_in,
    therapist_draws_in,
)
from simulation.errors import AllianceError
from simulation.instruments import draw_reports
from simulation.population import ClientDraws, TherapistDraws, normals
from simulation.randomness import Key, Stream, key_of, philox4x32, uniforms
from simulation.session import draw_session

ONES = 0xFFFFFFFF

KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
"""Published with Random123 for philox4x32 with 10 rounds."""


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_the_generator_gives_the_published_answers(
    counter: tuple[int, int, int, int], key: tuple[int, int], answer: tuple[int, ...]
) -> None:
    assert philox4x32(*counter, *key) == answer


def test_no_two_purposes_share_a_stream() -> None:
    assert len(Stream.__members__) == len({int(stream) for stream in Stream})


def test_every_stream_is_drawn_from_in_one_place_only() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for path in Path(simulation.__file__).parent.rglob("*.py")
        if path.stem
        not in {"weeks", "intake", "closing", "randomness"}  # they repeat what others declare
    ]
    for stream in Stream:
        places = [len(re.findall(rf"\bStream\.{stream.name}\b", text)) for text in sources]
        assert sum(places) == 1, stream


@pytest.mark.parametrize(
    ("plan", "streams"),
    [
        (engine.SESSION_PLAN, (Stream.FRAME, Stream.RUPTURE, Stream.CHANGE)),
        (intake.CLIENT_PLAN, (Stream.ATTACHMENT, Stream.CONDITION, Stream.COURSE, Stream.RATING)),
        (intake.THERAPIST_PLAN, (Stream.SKILL, Stream.STYLE, Stream.HABIT)),
        (engine.REPORT_PLAN, (Stream.OCCASION, Stream.REPORT, Stream.EXTRA, Stream.RELATION)),
    ],
)
def test_a_plan_draws_the_streams_it_is_for(plan: Any, streams: tuple[Stream, ...]) -> None:
    assert [plan[0] + i for i in range(plan[1])] == list(streams)


def drawn(plan: Any, seed: int, replicate: int, when: int) -> Any:
    """A block filled by the engine: lane i is client or therapist number 7 i."""
    blocks = np.zeros(1, dtype=DYADS)
    blocks["replicate"] = replicate
    blocks["who"] = 7 * np.arange(LANES)
    blocks["when"] = when
    fixed = plan.copy()
    fixed.setflags(write=False)  # as the engine's own, which is a constant to the compiler
    key = key_of(seed, replicate)
    draw(blocks[0], key, fixed)
    return blocks.view(np.recarray)[0]


SEED, REPLICATE, WHEN = 2**64 - 12345, 2**32 - 5, 13
"""Large ones, so that a lost bit shows."""


def test_the_engine_draws_a_session_as_draw_session_does() -> None:
    block = drawn(engine.SESSION_PLAN, SEED, REPLICATE, WHEN)
    key = key_of(SEED, REPLICATE)
    for i in range(LANES):
        assert session_draws_in(block, i) == draw_session(key, 7 * i, WHEN)


def test_the_engine_draws_questionnaires_as_draw_reports_does() -> None:
    block = drawn(engine.REPORT_PLAN, SEED, REPLICATE, WHEN)
    last = drawn(closing.LAST_REPORT_PLAN, SEED, REPLICATE, WHEN)
    key = key_of(SEED, REPLICATE)
    for i in range(LANES):
        reports = draw_reports(key, 7 * i, WHEN)
        assert report_draws_in(block, i) == reports
        assert last.draws[1, i] == reports.symptoms
        assert last.draws[2, i] == reports.satisfaction
        assert last.draws[3, i] == reports.mood


def test_the_engine_draws_people_from_the_streams_of_their_traits() -> None:
    clients = drawn(intake.CLIENT_PLAN, SEED, REPLICATE, 0)
    team = drawn(intake.THERAPIST_PLAN, SEED, REPLICATE, 0)
    key = key_of(SEED, REPLICATE)

    def of(i: int, *streams: Stream) -> list[float]:
        return [z for stream in streams for z in normals(key, 7 * i, 0, stream)]

    for i in range(LANES):
        born = of(i, Stream.ATTACHMENT, Stream.CONDITION, Stream.COURSE, Stream.RATING)
        hired = of(i, Stream.SKILL, Stream.STYLE, Stream.HABIT)[:10]
        assert client_draws_in(clients, i) == ClientDraws(*born)
        assert therapist_draws_in(team, i) == TherapistDraws(*hired)


def test_a_key_keeps_every_bit_of_seed_and_replicate() -> None:
    keys = [
        key_of(seed, replicate)
        for seed in (0, 1, 2**32, 2**63, 2**64 - 1)
        for replicate in (0, 1, 2**32 - 1)
    ]
    assert len(set(keys)) == len(keys)
    first = [uniforms(key, 0, 0, Stream.FRAME) for key in keys]
    assert len(set(first)) == len(first)


@pytest.mark.parametrize(("seed", "replicate"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**32)])
def test_a_seed_or_replicate_out_of_range_is_refused(seed: int, replicate: int) -> None:
    with pytest.raises(AllianceError, match=r"is not allowed: give a whole number from 0 to"):
        key_of(seed, replicate)


@given(
    st.tuples(st.integers(0, ONES), st.integers(0, ONES), st.integers(0, ONES)),
    st.integers(0, 2**31),
    st.integers(0, 5000),
    st.sampled_from(Stream),
)
def test_uniform_draws_lie_inside_0_and_1(
    key: tuple[int, int, int], who: int, when: int, stream: Stream
) -> None:
    for value in uniforms(Key(*key), who, when, stream):
        assert 0.0 < value < 1.0
        assert (value * 2**33) % 2 == 1


@pytest.fixture(scope="module")
def cube() -> Any:
    """Uniform draws of 40 clients, 30 sessions and 8 streams: 38,400 numbers."""
    key = key_of(20260101, 3)
    return np.array(
        [
            [[uniforms(key, who, when, stream) for stream in range(1, 9)] for when in range(1, 31)]
            for who in range(40)
        ]
    ).reshape(40, 30, 32)


def test_draws_are_uniform(cube: Any) -> None:
    values = cube.ravel()
    spread = 1 / np.sqrt(12 * len(values))
    assert abs(values.mean() - 0.5) < 5 * spread
    assert abs(values.var() - 1 / 12) < 5 / np.sqrt(180 * len(values))
    bins = np.histogram(values, bins=64, range=(0, 1))[0]
    expected = len(values) / 64
    assert ((bins - expected) ** 2 / expected).sum() < 63 + 5 * np.sqrt(2 * 63)


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("lag", [1, 2, 4])
def test_neighbouring_clients_sessions_and_streams_are_independent(
    cube: Any, axis: int, lag: int
) -> None:
    values = np.moveaxis(cube, axis, 0)
    one, other = values[lag:].ravel(), values[:-lag].ravel()
    for transform in (lambda u: u, lambda u: (u - 0.5) ** 2):
        r = np.corrcoef(transform(one), transform(other))[0, 1]  # type: ignore[no-untyped-call]
        assert abs(r) < 5 / np.sqrt(one.size)


def test_neighbouring_seeds_and_replicates_are_independent() -> None:
    def run(seed: int, replicate: int) -> Any:
        key = key_of(seed, replicate)
        return np.array([uniforms(key, who, 1, Stream.FRAME) for who in range(2000)]).ravel()

    base = run(5, 0)
    for other in (run(6, 0), run(5, 1), run(5 + 2**32, 0)):
        assert abs(np.corrcoef(base, other)[0, 1]) < 5 / np.sqrt(base.size)
