#!/usr/bin/env bash
# Mesa 3.3.1, the newest for Python 3.11: agents that are removed while all take their step. A client
# whom another agent discharges (remove) earlier in the same step is in model.agents no more, and one
# would expect no session for that client. That is so only if nobody remembers the client. do,
# shuffle_do and map walk along weak references, so that a removed agent still acts as long as any
# list, partner or variable of one's own model holds it. Below, three clients of nine are discharged in
# each of three steps. Whether therapists keep a list of their clients should change nothing, but it
# doubles the sessions, all nine more with clients who had left. The docstrings do not speak of it. In
# Mesa 3.5.1 (Python 3.12) it is so no longer for model.agents itself, but still for every set made by
# select.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    mesa==3.3.1 numpy==2.4.6 pandas==3.1.1 scipy==1.17.1 tqdm==4.70.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
import mesa

STEPS = 3


class Coordinator(mesa.Agent):
    def step(self):
        clients = [agent for agent in self.model.agents if isinstance(agent, Client)]
        for client in clients[:3]:
            client.remove()


class Client(mesa.Agent):
    def step(self):
        self.model.sessions += 1
        self.model.after_discharge += self not in self.model.agents


class Clinic(mesa.Model):
    def __init__(self, remembers):
        super().__init__(seed=1)
        self.sessions = self.after_discharge = 0
        Coordinator(self)
        clients = [Client(self) for _ in range(9)]
        self.list_of_therapist = clients if remembers else []


def sessions(remembers, act):
    clinic = Clinic(remembers)
    for _ in range(STEPS):
        act(clinic.agents)
    return clinic.sessions, clinic.after_discharge


def one_by_one(agents):
    """What is meant: whoever has been removed in the meantime does not act."""
    for agent in list(agents):
        if agent in agents:
            agent.step()


ways = {
    "do": lambda agents: agents.do("step"),
    "map": lambda agents: agents.map("step"),
    "set of select, do": lambda agents: agents.select().do("step"),
}
expected = sessions(True, one_by_one)
print(f"Mesa {mesa.__version__}, {STEPS} steps, three of nine clients discharged at the start of each")
print(f"expected: {expected[0]} sessions, {expected[1]} of them after discharge")
if expected != (9, 0) or sessions(False, one_by_one) != expected:
    raise SystemExit(f"This has changed: one by one there are {expected}.")
for name, act in ways.items():
    forgotten, remembered = sessions(False, act), sessions(True, act)
    print(f"happens by {name}: {forgotten[0]} sessions, {forgotten[1]} after discharge; if a therapist keeps")
    print(f"    a list of clients {remembered[0]} sessions, {remembered[1]} after discharge")
    if forgotten != expected or remembered != (18, 9):
        raise SystemExit(f"This has changed: {name} gives {forgotten} and {remembered}.")
shuffled = sessions(True, lambda agents: agents.shuffle_do("step"))
print(f"happens by shuffle_do, if a therapist keeps a list: {shuffled[1]} sessions after discharge")
if not shuffled[1] or sessions(False, lambda agents: agents.shuffle_do("step"))[1]:
    raise SystemExit(f"This has changed: shuffle_do gives {shuffled}.")
EOF
