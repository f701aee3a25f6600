#!/usr/bin/env bash
# networkx 3.6.1, whether people of one kind keep to each other (attribute_assortativity_coefficient): 1
# if all ties are within schools of therapy, 0 if they are as by chance. Some therapists did not say
# which school they belong to, so the attribute is missing. One would expect an error, or that their ties
# are left out. Instead "missing" becomes a school like any other, and two who did not say agree, though
# nobody knows. As those who do not say are often one team, the coefficient tells of answering, not of
# schools. Below, eight therapists of two schools consult the other school only, -1 by hand and by the
# network of those who said; with five more who did not say and consult each other it is .20. Naming
# those who said as nodes does not help where they have a tie to one who did not: it leaves these ties
# in. The documentation has nothing about missing attributes; with numbers the same gap is an error.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    networkx==3.6.1 numpy==2.4.6 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from itertools import combinations

import networkx as nx
import numpy as np

SCHOOLS = {name: "behavioural" for name in "ABCD"} | {name: "psychodynamic" for name in "EFGH"}
ties = [("A", "E"), ("A", "F"), ("B", "F"), ("B", "G"), ("C", "G"), ("C", "H"), ("D", "H"), ("D", "E")]
ties += list(combinations("VWXYZ", 2)) + [("A", "V")]
team = nx.Graph(ties)
nx.set_node_attributes(team, SCHOOLS, "school")


def by_hand(network):
    """Newman's coefficient (2003, equation 2) of the ties whose two schools are known."""
    pairs = [(SCHOOLS[a], SCHOOLS[b]) for a, b in network.edges if a in SCHOOLS and b in SCHOOLS]
    levels = sorted(set(SCHOOLS.values()))
    table = np.zeros((len(levels), len(levels)))
    for pair in pairs:
        for one, other in (pair, pair[::-1]):
            table[levels.index(one), levels.index(other)] += 1 / (2 * len(pairs))
    chance = (table.sum(0) * table.sum(1)).sum()
    return (np.trace(table) - chance) / (1 - chance)


right = by_hand(team)
known = nx.attribute_assortativity_coefficient(team.subgraph(SCHOOLS), "school")
found = nx.attribute_assortativity_coefficient(team, "school")
named = nx.attribute_assortativity_coefficient(team, "school", nodes=SCHOOLS)
mixing = nx.attribute_mixing_dict(team, "school")
print(f"networkx {nx.__version__}, {len(SCHOOLS)} therapists of two schools, {len(team) - len(SCHOOLS)} did not say")
print(f"expected: {right:.2f} by hand, {known:.2f} of those who said; or an error")
print(f"happens: {found:.2f}, with those who said as nodes {named:.2f}; None with None: {mixing[None][None]}")
if abs(right - known) > 1e-12 or abs(right + 1) > 1e-12:
    raise SystemExit(f"This has changed: by hand {right}, of those who said {known}.")
if found < 0.1 or abs(named - right) < 1e-6 or mixing[None][None] != 20:
    raise SystemExit(f"This has changed: {found}, {named}, {mixing}.")
nx.set_node_attributes(team, dict.fromkeys(SCHOOLS, 5), "years")
try:
    nx.numeric_assortativity_coefficient(team, "years")
except KeyError:
    print("numeric_assortativity_coefficient with the same gaps: KeyError")
else:
    raise SystemExit("This has changed: numeric_assortativity_coefficient takes missing attributes.")
EOF
