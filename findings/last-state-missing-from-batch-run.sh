#!/usr/bin/env bash
# Mesa 3.3.1, the newest for Python 3.11: batch_run. A model that collects its data at the start and
# after each step, and stops itself, is asked for its last state only (data_collection_period=-1).
# One would expect the state in which it stopped. It is the state one step earlier; the last one has
# been collected and is in no row, whatever the period. Where therapies end by themselves the ending
# is lost with its outcome: no client has ever left. If the model does not collect at the start, the
# last state is there but labelled with the step before. Mesa 3.5.1 (Python 3.12) gives step 6 in both
# cases, so the same program has other results on another Python.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    mesa==3.3.1 numpy==2.4.6 pandas==3.1.1 scipy==1.17.1 tqdm==4.70.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
import mesa


class Therapy(mesa.Model):
    """A therapy that ends by itself at its sixth session."""

    def __init__(self, at_the_start=True, seed=None):
        super().__init__(seed=seed)
        self.ended = False
        self.datacollector = mesa.DataCollector(
            {"sessions": lambda model: model.steps, "ended": lambda model: model.ended}
        )
        if at_the_start:
            self.datacollector.collect(self)

    def step(self):
        self.ended = self.steps == 6
        self.running = not self.ended
        self.datacollector.collect(self)


def last_row(at_the_start):
    rows = mesa.batch_run(
        Therapy, {"at_the_start": at_the_start}, data_collection_period=-1, display_progress=False
    )
    return tuple(rows[-1][name] for name in ("Step", "sessions", "ended"))


alone = Therapy()
while alone.running:
    alone.step()
collected = alone.datacollector.get_model_vars_dataframe().iloc[-1].tolist()

print(f"Mesa {mesa.__version__}")
print(f"collected last by the model: sessions, ended = {collected}")
print("expected from batch_run: Step, sessions, ended = (6, 6, True)")
print(f"happens: {last_row(True)} if collected at the start, {last_row(False)} if not")
if collected != [6, True] or last_row(True) != (5, 5, False) or last_row(False) != (5, 6, True):
    raise SystemExit("This has changed.")
EOF
