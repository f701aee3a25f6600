#!/usr/bin/env bash
# networkx 3.6.1, Burt's effective size (effective_size): how many of a person's contacts are not
# redundant. It is computed for everybody, or for those named by nodes, and one would expect the same
# number either way. In a network with hours as weights, or with directions as supervision has them, it
# differs: for everybody at once the strongest tie of the wrong person is used as the unit. Below, the
# definition by hand agrees with what is asked for by name, where Cem has most contacts that are not
# redundant. For everybody at once Ben and Dea are ahead of Cem, and Ana ahead of Eli. Nothing is said.
# Networks with neither weights nor directions are right. A change has been proposed to the package; no
# release has it. Naming everybody, nodes=list(network), helps.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    networkx==3.6.1 numpy==2.4.6 scipy==1.17.1 || exit 2

cd "$folder"
venv/bin/python -W error - <<'EOF'
from importlib.metadata import version

import networkx as nx
import numpy as np

HOURS = [
    ("Ana", "Ben", 9), ("Ana", "Cem", 1), ("Ana", "Dea", 1), ("Ben", "Cem", 1),
    ("Ben", "Dea", 9), ("Cem", "Dea", 1), ("Cem", "Eli", 1), ("Dea", "Eli", 1),
]  # fmt: skip
team = nx.Graph()
team.add_weighted_edges_from(HOURS, weight="hours")
people = list(team)


def by_hand():
    """Contacts, less the share of each that the others reach, by Burt's definition."""
    hours = nx.to_numpy_array(team, weight="hours")
    share = hours / hours.sum(axis=1, keepdims=True)
    strength = hours / hours.max(axis=1, keepdims=True)
    found = []
    for ego in range(len(people)):
        contacts = np.flatnonzero(hours[ego])
        found.append(sum(1 - share[ego] @ strength[contact] for contact in contacts))
    return np.round(found, 2)


named = np.round(list(nx.effective_size(team, nodes=people, weight="hours").values()), 2)
at_once = np.round(list(nx.effective_size(team, weight="hours").values()), 2)
print(f"networkx {version('networkx')}, hours of contact between {', '.join(people)}")
print("expected, by hand:", by_hand(), "and with the people named:", named)
print("happens for all at once:", at_once)
if not np.allclose(named, by_hand(), atol=0.011):
    raise SystemExit(f"This has changed: {named} with the people named.")
if at_once.argmax() != people.index("Dea") or named.argmax() != people.index("Cem"):
    raise SystemExit(f"This has changed: {at_once} for all at once.")
EOF
