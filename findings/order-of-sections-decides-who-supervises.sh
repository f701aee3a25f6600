#!/usr/bin/env bash
# networkx 3.6.1 and igraph 1.0.0, reading Pajek's .net. The format lets one file have ties with a
# direction (*Arcs: who supervises whom) and ties without (*Edges: colleagues who consult each other).
# One would expect that a reader keeps the direction of the first and lets the second count both ways,
# or refuses. In both packages one section decides for the whole network: in networkx the first, in
# igraph the last. Colleagues become one who asks and one who is asked, or supervision loses its
# direction, and a file that one package reads the one way the other reads the other way. igraph's
# manual for C says that such files are not supported, but neither package raises an error or warns.
# Enter mutual ties as two arcs.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    networkx==3.6.1 igraph==1.0.0 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings
from pathlib import Path

import igraph
import networkx

PEOPLE = '*Vertices 4\n1 "ada"\n2 "ben"\n3 "cleo"\n4 "dan"\n'
ARCS, EDGES = "*Arcs\n1 2\n", "*Edges\n3 4\n"
EXPECTED = ["ada > ben", "cleo > dan", "dan > cleo"]


def said(ties, directed):
    both_ways = ties if directed else [*ties, *((to, whose) for whose, to in ties)]
    return sorted(f"{whose} > {to}" for whose, to in both_ways)


def by_networkx(path):
    network = networkx.read_pajek(path)
    return said(list(network.edges()), network.is_directed())


def by_igraph(path):
    network = igraph.Graph.Read_Pajek(str(path))
    names = ["ada", "ben", "cleo", "dan"]
    ties = [(names[whose], names[to]) for whose, to in network.get_edgelist()]
    return said(ties, network.is_directed())


print(f"networkx {networkx.__version__}, igraph {igraph.__version__}")
print(f"expected in all four: {', '.join(EXPECTED)}")
one_way, no_direction = EXPECTED[:2], [*EXPECTED[:1], "ben > ada", *EXPECTED[1:]]
seen = {}
for order, sections in (("arcs first", ARCS + EDGES), ("edges first", EDGES + ARCS)):
    path = Path("team.net")
    path.write_text(PEOPLE + sections)
    for read in (by_networkx, by_igraph):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            seen[order, read.__name__] = read(path)
        print(f"{order}, {read.__name__}: {', '.join(seen[order, read.__name__])}")
if seen != {
    ("arcs first", "by_networkx"): one_way,
    ("arcs first", "by_igraph"): no_direction,
    ("edges first", "by_networkx"): no_direction,
    ("edges first", "by_igraph"): one_way,
}:
    raise SystemExit("This has changed: see the four lines above.")
EOF
