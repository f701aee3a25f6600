#!/usr/bin/env bash
# ambr 0.5.2, agent-based models, an experiment with a seed. The seed is a parameter, so that others
# get the same results, and iterations is how often each condition is to be run. One would expect thirty
# different runs that can be had again, as agentpy 0.1.5 makes them of the same two words: it draws the
# seed of each run from the one that is given. Here every run of every condition starts with the seed
# itself. The thirty runs, numbered 0 to 29 in the result, are one and the same, and the standard error
# of a mean over them is 0, so that the smallest difference between conditions is beyond any doubt.
# Without a seed they differ, but cannot be had again. Nothing is said. Give seeds as a list in Sample.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    ambr==0.5.2 agentpy==0.1.5 numpy==2.2.6 scipy==1.14.1 pandas==2.3.3 polars==2.1.0 \
    networkx==3.6.1 SALib==1.6.0 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import agentpy
import ambr

RUNS = 30


class Clinic(ambr.Model):
    def setup(self):
        self.left = sum(self.random.random() < 0.3 for _ in range(50))

    def step(self):
        self.record_model("left", self.left)


class OtherClinic(agentpy.Model):
    def setup(self):
        self.report("left", sum(self.random.random() < 0.3 for _ in range(50)))


def ambr_runs(sample):
    return ambr.Experiment(Clinic, sample, iterations=RUNS).run()["model"]["left"].to_list()


def agentpy_runs():
    sample = agentpy.Sample({"steps": 1, "seed": 42})
    done = agentpy.Experiment(OtherClinic, sample, iterations=RUNS, randomize=True).run(display=False)
    return done.reporters["left"].to_list()


seeded = ambr_runs(ambr.Sample({"steps": 1, "seed": 42}, n=1))
unseeded = ambr_runs(ambr.Sample({"steps": 1}, n=1))
other, again = agentpy_runs(), agentpy_runs()
print(f"ambr {version('ambr')}, agentpy {version('agentpy')}: of 50 clients, how many left, in {RUNS} runs")
print(f"expected with a seed, as by agentpy: {sorted(set(other))}, and the same when run again")
print(f"happens with a seed: {sorted(set(seeded))}; without one: {sorted(set(unseeded))}")
if len(set(seeded)) != 1 or len(seeded) != RUNS or len(set(unseeded)) < 4 or len(set(other)) < 4 or other != again:
    raise SystemExit(f"This has changed: {seeded}, {unseeded}, {other}.")
EOF
