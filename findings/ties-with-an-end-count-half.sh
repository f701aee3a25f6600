#!/usr/bin/env bash
# dynetx 0.3.2, networks that change over time. A tie may be added for one snapshot (t), or with the
# snapshot in which it ends (e), as a supervision from session 1 to 6 is. One would expect
# interactions_per_snapshots to count the ties of each snapshot. A tie that was given an end counts
# half: when it is added, its snapshots are counted once, where those of a tie without an end are
# counted twice, once for each end of t, and at last everything is divided by two. So the count depends
# on how the same network was written down. Below, four ties last for several snapshots, others for one:
# 2.0 instead of 4 where nothing else is, and the busiest snapshot is another one. The number of
# ties by number_of_interactions(t=...), and by hand, is the same either way. The documentation says
# "number of interactions within snapshot t", and nothing warns.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    dynetx==0.3.2 networkx==3.6.1 numpy==2.4.6 decorator==5.3.1 future==1.0.0 tqdm==4.70.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import dynetx

SNAPSHOTS = range(1, 7)
LASTING = [("Ada", "Bo"), ("Ada", "Cy"), ("Bo", "Di"), ("Cy", "Di")]
SINGLE = {2: [("Eva", "Bo")], 5: [("Eva", "Cy"), ("Eva", "Di"), ("Eva", "Ada")]}
GONE_IN_FIVE = [("Ada", "Bo"), ("Ada", "Cy"), ("Bo", "Di")]


def snapshots_of(tie):
    return [t for t in SNAPSHOTS if not (t >= 5 and tie in GONE_IN_FIVE)]


def network(with_end):
    graph = dynetx.DynGraph()
    for tie in LASTING:
        if with_end:
            graph.add_interaction(*tie, t=1, e=snapshots_of(tie)[-1] + 1)
        else:
            for t in snapshots_of(tie):
                graph.add_interaction(*tie, t=t)
    for t, ties in SINGLE.items():
        for tie in ties:
            graph.add_interaction(*tie, t=t)
    return graph


by_hand = {t: sum(t in snapshots_of(tie) for tie in LASTING) + len(SINGLE.get(t, [])) for t in SNAPSHOTS}
found = {}
for with_end in (False, True):
    graph = network(with_end)
    asked = {t: graph.number_of_interactions(t=t) for t in SNAPSHOTS}
    if asked != by_hand:
        raise SystemExit(f"This has changed: number_of_interactions gives {asked}, by hand {by_hand}.")
    counts = graph.interactions_per_snapshots()
    found[with_end] = {t: counts[t] for t in SNAPSHOTS}
halved = {t: by_hand[t] - sum(t in snapshots_of(tie) for tie in LASTING) / 2 for t in SNAPSHOTS}
busiest = [max(counts, key=counts.get) for counts in (by_hand, found[True])]
print(f"dynetx {version('dynetx')}, ties in snapshots {SNAPSHOTS[0]} to {SNAPSHOTS[-1]}")
print(f"expected: {by_hand}, busiest {busiest[0]}")
print(f"happens, ties added one snapshot at a time: {found[False]}")
print(f"happens, ties added with their end: {found[True]}, busiest {busiest[1]}")
if found[False] != by_hand or found[True] != halved or busiest[0] == busiest[1]:
    raise SystemExit(f"This has changed: {found}.")
EOF
