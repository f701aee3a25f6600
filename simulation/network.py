"""Who supervises whom: supervision networks, as networkx graphs and as the sparse matrix the engine takes."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulation.errors import AllianceError
from simulation.input_files import MEBIBYTE, read_bytes
from simulation.parameters import PARAMETERS, Parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    from numpy.typing import NDArray

    from simulation.parameters.therapist import Network

__all__ = [
    "Ties",
    "colleagues_in",
    "colleagues_of",
    "read_network",
    "supervision_network",
    "ties",
    "ties_of",
]

LARGEST = 16 * MEBIBYTE
"""Of a file with a supervision network."""

MOST_SHARED = 500
"""Therapists up to whom the ties of a network are shared between runs: with all tied to all, 2 MB."""

NEIGHBOURS = 4
"""Ties a therapist has in a small world before any are rewired."""


def supervision_network(
    parameters: Parameters, seed: int, given: nx.Graph[Any] | str | Path | None = None
) -> nx.Graph[int]:
    """Return the supervision network of a clinic: nodes 0 to therapists - 1, an edge for each tie.

    Parameters
    ----------
    parameters
        Tell the kind of network and the number of therapists.
    seed
        Seed of the run; only a small world uses it. All replicates of a run share one network.
    given
        A graph, or a file that `read_network` can read; used when the kind is ``file``.

    Raises
    ------
    AllianceError
        If the kind is ``file`` and no graph fits, or a graph is given and the kind is another.
    """
    import networkx as nx

    team = parameters.therapists
    kind = parameters.supervision_network
    _refuse_unused(kind, given)
    if kind == "file":
        return _fitted(given, team)
    graph: nx.Graph[int]
    if kind == "small_world":
        near = min(NEIGHBOURS, team - 1)
        rewiring = parameters.small_world_rewiring
        graph = nx.watts_strogatz_graph(team, near, rewiring, seed=seed % 2**32)
    else:
        graph = nx.empty_graph(team)
        graph.add_edges_from(_regular_pairs(kind, team))
    return graph


def colleagues_of(
    parameters: Parameters, seed: int, given: nx.Graph[Any] | str | Path | None = None
) -> list[list[int]]:
    """Return to whom each therapist is tied, as `supervision_network` has it and in ascending order.

    A network whose ties follow from the size of the team is not built as a graph: networkx takes a while to import.

    Raises
    ------
    AllianceError
        As `supervision_network` does.
    """
    kind = parameters.supervision_network
    if kind in {"file", "small_world"}:
        return colleagues_in(supervision_network(parameters, seed, given))
    _refuse_unused(kind, given)
    colleagues: list[list[int]] = [[] for _ in range(parameters.therapists)]
    for one, other in _regular_pairs(kind, parameters.therapists):
        colleagues[one].append(other)
        colleagues[other].append(one)
    return [sorted(tied) for tied in colleagues]


def colleagues_in(network: nx.Graph[int]) -> list[list[int]]:
    """Return to whom each therapist of a network is tied, in ascending order."""
    return [sorted(network.neighbors(node)) for node in range(network.number_of_nodes())]


def _regular_pairs(kind: str, team: int) -> list[tuple[int, int]]:
    """Return the ties of a network that the size of the team decides."""
    match kind:
        case "pairs":
            return [(i, i + 1) for i in range(0, team - 1, 2)]
        case "ring":
            closing = [(team - 1, 0)] if team > 2 else []
            return [(i, i + 1) for i in range(team - 1)] + closing
        case "hub":
            return [(0, i) for i in range(1, team)]
        case "complete":
            return list(combinations(range(team), 2))
        case _:
            return []


def _refuse_unused(kind: str, given: object) -> None:
    """Refuse a network that the setting does not use."""
    if given is not None and kind != "file":
        raise AllianceError(
            f"A supervision network was given, but supervision_network is {kind}. Set it to file to use yours."
        )


def _fitted(given: nx.Graph[Any] | str | Path | None, team: int) -> nx.Graph[int]:
    import networkx as nx

    if given is None:
        raise AllianceError(
            "supervision_network = file takes who supervises whom from a file, but no graph was given. Give one "
            "(alliance run --network FILE, simulate(..., network=FILE)), or choose another network: "
            f"{', '.join(one for one in PARAMETERS['supervision_network'].choices if one != 'file')}."
        )
    graph = read_network(given) if isinstance(given, (str, Path)) else given
    if graph.number_of_nodes() == 0:
        raise AllianceError(
            "The supervision network has 0 people: give GraphML, or a line for each pair of names."
        )
    if graph.number_of_nodes() != team:
        raise AllianceError(
            f"The supervision network has {graph.number_of_nodes()} people, but the clinic has {team} "
            f"therapists: set therapists to {graph.number_of_nodes()} or change the graph."
        )
    named = {str(node) for node in graph.nodes} != {str(number) for number in range(team)}
    numbers = {node: number if named else int(str(node)) for number, node in enumerate(graph.nodes)}
    fitted: nx.Graph[int] = nx.empty_graph(team)
    fitted.add_edges_from((numbers[a], numbers[b]) for a, b in graph.edges if a != b)
    return fitted


def read_network(file: str | Path) -> nx.Graph[Any]:
    """Read a graph from a GraphML file (``.graphml``, ``.xml``) or an edge list, one pair of names a line.

    Raises
    ------
    AllianceError
        If there is no such file or it is not a graph.
    """
    import networkx as nx

    path = Path(file)
    content = read_bytes(path, called="The network file", most=LARGEST)
    is_xml = path.suffix.lower() in {".graphml", ".xml"}
    if is_xml:
        _refuse_entities(path, content)
    try:
        graphs = [*nx.GraphMLReader()(string=content)] if is_xml else [_edges(content)]
    except Exception as error:
        raise AllianceError(
            f"{path} does not hold a graph: give GraphML (.graphml) or an edge list, one pair of names a "
            f"line ({error})."
        ) from None
    if len(graphs) != 1:
        raise AllianceError(
            f"{path} holds {len(graphs)} graphs, and a clinic has one supervision network: leave one in the file."
        )
    return nx.Graph(graphs[0])


def _edges(content: bytes) -> nx.Graph[Any]:
    import networkx as nx

    return nx.parse_edgelist(content.decode("utf-8-sig").splitlines())


def _refuse_entities(path: Path, content: bytes) -> None:
    """Refuse XML that declares entities, which a few lines can blow up without end; GraphML needs none."""
    from xml.parsers import expat

    def refuse(*_: object) -> None:
        raise AllianceError(
            f"{path} has a document type with entities of its own, which GraphML does not need: save it without."
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    with suppress(expat.ExpatError):  # the reader says what is wrong
        parser.Parse(content, True)


class Ties(NamedTuple):
    """A supervision network as a sparse matrix."""

    begins: NDArray[np.int64]
    """Where each therapist's colleagues begin in `colleagues`; at the end, where the last one's end."""
    colleagues: NDArray[np.int64]
    """Numbers of therapists."""


def ties_of(
    parameters: Parameters, seed: int, given: nx.Graph[Any] | str | Path | None = None
) -> Ties:
    """Return the ties of `colleagues_of`; those that a sweep asks for at every point are made once.

    Raises
    ------
    AllianceError
        As `supervision_network` does.
    """
    kind, team = parameters.supervision_network, parameters.therapists
    if given is not None or kind in {"file", "small_world"} or team > MOST_SHARED:
        return ties(colleagues_of(parameters, seed, given))
    return _regular_ties(kind, team)


@lru_cache(maxsize=8)
def _regular_ties(kind: Network, team: int) -> Ties:
    """Return the ties of a network that the size of the team decides; nobody writes into them."""
    return ties(colleagues_of(Parameters(supervision_network=kind, therapists=team), 0))


def ties(colleagues: Sequence[Sequence[int]]) -> Ties:
    """Return to whom each therapist is tied in the form that compiled code takes."""
    begins = np.zeros(len(colleagues) + 1, dtype=np.int64)
    np.cumsum([len(names) for names in colleagues], out=begins[1:])
    return Ties(begins, np.array([name for names in colleagues for name in names], dtype=np.int64))
