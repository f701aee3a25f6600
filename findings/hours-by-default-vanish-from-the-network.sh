#!/usr/bin/env bash
# networkx 3.6.1, reading GraphML. The format lets a key have a default, the value of every node or
# edge that does not give its own, and igraph 1.0.0 reads it so. One would expect the same of
# read_graphml. It keeps the defaults as attributes of the graph, node_default and edge_default, and
# leaves the nodes and edges without. Functions that weigh edges by their hours then take 1 for the
# usual ones, or leave them out, each as it likes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    networkx==3.6.1 igraph==1.0.0 || exit 2

cd "$folder"
cat >network.graphml <<'EOF'
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="h" for="edge" attr.name="hours" attr.type="double"><default>2</default></key>
  <graph edgedefault="undirected">
    <node id="a"/><node id="b"/><node id="c"/>
    <edge source="a" target="b"><data key="h">5</data></edge>
    <edge source="b" target="c"/>
  </graph>
</graphml>
EOF
venv/bin/python - <<'EOF'
import igraph
import networkx

network = networkx.read_graphml("network.graphml")
expected = igraph.Graph.Read_GraphML("network.graphml").es["hours"]
hours = [edge.get("hours") for _, _, edge in network.edges(data=True)]
degree = dict(network.degree(weight="hours"))
print(f"networkx {networkx.__version__}, igraph {igraph.__version__}")
print(f"expected hours: {expected}, as igraph reads them, so that b has {sum(expected)}")
print(f"happens: {hours}, and b has {degree['b']}; aside: {network.graph}")
if expected != [5, 2] or hours != [5, None] or degree["b"] != 6:
    raise SystemExit(f"This has changed: hours are {hours}, and b has {degree['b']}.")
EOF
