"""Who supervises whom: the graph of each kind, and graphs from files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import AllianceError
from simulation.network import colleagues_in, colleagues_of, read_network, supervision_network, ties
from simulation.parameters import PARAMETERS, Parameters
from simulation.running import simulate
from tests.simulation.clinics import UNCOUPLED

if TYPE_CHECKING:
    from pathlib import Path

KINDS = [kind for kind in PARAMETERS["supervision_network"].choices if kind != "file"]


def network(kind: str, team: int, seed: int = 1, given: Any = None, **values: Any) -> nx.Graph[int]:
    """The network of a clinic of this size."""
    parameters = Parameters(supervision_network=kind, therapists=team, **values)
    return supervision_network(parameters, seed, given)


@pytest.mark.parametrize("kind", KINDS)
@given(team=st.integers(1, 40), seed=st.integers(0, 2**64 - 1))
def test_every_network_is_of_the_whole_team_and_nobody_supervises_himself(
    kind: str, team: int, seed: int
) -> None:
    graph = network(kind, team, seed)
    assert list(graph.nodes) == list(range(team))
    assert not graph.is_directed()
    assert nx.number_of_selfloops(graph) == 0


@given(st.integers(1, 40))
def test_each_kind_is_the_graph_of_its_name(team: int) -> None:
    assert network("none", team).number_of_edges() == 0
    assert network("complete", team).number_of_edges() == team * (team - 1) // 2
    pairs = [degree for _, degree in network("pairs", team).degree]
    assert pairs == [1] * (team - team % 2) + [0] * (team % 2)
    hub = network("hub", team)
    assert set(hub.edges) == {(0, i) for i in range(1, team)}
    ring = network("ring", team)
    assert nx.is_connected(ring)
    assert ring.number_of_edges() == (team if team > 2 else team - 1)
    assert all(degree <= 2 for _, degree in ring.degree)


def test_a_small_world_is_a_lattice_with_some_ties_rewired() -> None:
    lattice = network("small_world", 30, small_world_rewiring=0)
    assert {degree for _, degree in lattice.degree} == {4}
    rewired = network("small_world", 30, small_world_rewiring=0.3)
    assert rewired.number_of_edges() == lattice.number_of_edges()
    assert set(rewired.edges) != set(lattice.edges)


def test_a_small_world_is_the_seeds() -> None:
    edges = [frozenset(network("small_world", 30, seed).edges) for seed in (1, 1, 2)]
    assert edges[0] == edges[1] != edges[2]


@pytest.mark.parametrize("kind", KINDS)
def test_the_sparse_matrix_holds_the_ties_of_the_graph(kind: str) -> None:
    graph = network(kind, 11)
    begins, colleagues = ties(colleagues_in(graph))
    assert begins[0] == 0
    assert begins[-1] == len(colleagues) == 2 * graph.number_of_edges()
    for i in range(11):
        assert colleagues[begins[i] : begins[i + 1]].tolist() == sorted(graph.neighbors(i))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("team", [1, 2, 3, 4, 11])
def test_colleagues_are_those_of_the_graph(kind: str, team: int) -> None:
    parameters = Parameters(therapists=team, supervision_network=kind)
    graph = supervision_network(parameters, 5)
    assert colleagues_of(parameters, 5) == colleagues_in(graph)
    assert colleagues_in(graph) == [sorted(graph.neighbors(one)) for one in range(team)]


def test_a_graphml_file_and_an_edge_list_and_a_graph_are_the_same(tmp_path: Path) -> None:
    graph: nx.Graph[Any] = nx.relabel_nodes(nx.cycle_graph(5), dict(enumerate("abcde")))
    nx.write_graphml(graph, tmp_path / "team.graphml")
    nx.write_edgelist(graph, tmp_path / "team.txt", data=False)
    for team in (graph, tmp_path / "team.graphml", str(tmp_path / "team.txt")):
        assert nx.is_isomorphic(network("file", 5, given=team), nx.cycle_graph(5))


def test_a_directed_graph_ties_both_and_a_loop_ties_nobody() -> None:
    directed: Any = nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c"), ("c", "c")])
    assert network("file", 3, given=directed).number_of_edges() == 2


@pytest.mark.parametrize("as_file", [False, True])
def test_a_graph_of_the_therapists_numbers_keeps_them(as_file: bool, tmp_path: Path) -> None:
    edges = [(3, 1), (0, 2)]
    (tmp_path / "team.txt").write_text("3 1\n0 2\n")
    graph = network("file", 4, given=tmp_path / "team.txt" if as_file else nx.Graph(edges))
    assert {frozenset(edge) for edge in graph.edges} == {frozenset(edge) for edge in edges}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for name in ("nobody.graphml", "nobody.txt"):
        with pytest.raises(AllianceError, match=name):
            read_network(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("team.graphml", b"this is not xml"),
        ("team.graphml", b"<html></html>"),
        ("team.xml", b""),
        ("team.txt", b"\xff\xfe\x00\x01 \x02"),
        ("team.txt", b"a b c d"),
    ],
)
def test_garbage_is_told_what_a_network_file_is(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AllianceError) as caught:
        network("file", 3, given=tmp_path / name)
    assert name in str(caught.value) or "0 people" in str(caught.value)


def test_a_folder_is_no_network_file(tmp_path: Path) -> None:
    with pytest.raises(AllianceError, match="cannot be read"):
        read_network(tmp_path)


def test_a_network_of_another_size_is_told_both_sizes() -> None:
    with pytest.raises(AllianceError, match=r"has 5 people, but the clinic has 3"):
        network("file", 3, given=nx.path_graph(5))


def test_a_network_of_nobody_is_refused_without_advice_that_cannot_be_followed() -> None:
    with pytest.raises(AllianceError, match="has 0 people: give GraphML"):
        network("file", 3, given=nx.Graph())


def test_a_file_network_needs_a_graph_and_a_graph_needs_a_file_network() -> None:
    with pytest.raises(AllianceError, match="no graph was given"):
        network("file", 3)
    with pytest.raises(AllianceError, match="supervision_network is ring"):
        network("ring", 3, given=nx.path_graph(3))


def test_colleagues_restore_and_share_skill_with_those_they_are_tied_to_and_with_nobody_else() -> (
    None
):
    base = Parameters(**{**UNCOUPLED, "experience_effect": 0.01}, therapists=4, clients=1, weeks=30)
    alone = simulate(base.replace(supervision_network="none"), seed=1).therapist_rows
    (busy,) = alone["clients_seen"].nonzero()[0].tolist()
    tied, *apart = (therapist for therapist in range(4) if therapist != busy)
    graph: nx.Graph[int] = nx.empty_graph(4)
    graph.add_edge(busy, tied)
    rows = simulate(base.replace(supervision_network="file"), seed=1, network=graph).therapist_rows
    assert [rows["ties"][one] for one in (busy, tied, *apart)] == [1, 1, 0, 0]
    assert alone["skill_gain"][tied] == 0.0 < rows["skill_gain"][tied] < rows["skill_gain"][busy]
    for one in (busy, tied):
        assert rows["fatigue_last"][one] < alone["fatigue_last"][one]
    for one in apart:
        assert rows["skill_gain"][one] == 0.0
        assert rows["fatigue_last"][one] == alone["fatigue_last"][one]
