"""An address means one therapy: the page in one file plays what the dashboard plays."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import pytest

from dashboards.addresses.address import PageState, read, write
from dashboards.compiled.scripts import page_script
from dashboards.page.bundling import bundled_module
from dashboards.page.clinic import clinic
from dashboards.page.room import room
from dashboards.portable.model import model_script
from dashboards.rooms.clinic import PAGE as CLINIC
from dashboards.therapies.therapy_state import FIELDS, TherapyState
from simulation.presets import all_presets
from tests.dashboards.drawn_therapies import drawn_pair, drawn_parameters, drawn_settings
from tests.dashboards.javascript import bits, run

SCRIPTS = Path(__file__).resolve().parents[2] / "dashboards" / "page" / "scripts"

ENTRY = """
import { queryOf, viewOf } from "SCRIPTS/asked.js";
import { castOf, settingsOf } from "SCRIPTS/cast.js";
import { read, write } from "SCRIPTS/router.js";
import { Alliance } from "SCRIPTS/model.js";
import { viewOf as clinicOf } from "SCRIPTS/clinic.js";
import { parametersOf } from "SCRIPTS/clinics.js";
export const asked = { queryOf, viewOf, castOf, settingsOf, read, write, Alliance, clinicOf, parametersOf };
"""

PLAYED = """
const content = { room: given.room, start: {} };
return given.addresses.map((address) => {
  const view = asked.viewOf(asked.read(`#session?${address}`).view, content);
  const therapy = asked.Alliance.replay(asked.settingsOf(view, asked.castOf(content)), view.stances);
  return {
    who: [view.client, view.therapist],
    states: therapy.records.map((one) => Object.values(one.after).map(bits)),
    at: Math.min(view.at ?? therapy.length, therapy.length),
    counterfactual: view.counterfactual,
    own: asked.write({ room: "session", view: asked.queryOf(view, content) }).split("?")[1],
  };
});
"""

RUN = """
return given.addresses.map((address) => {
  const view = asked.clinicOf({ clinic: given.clinic }, asked.read(`#clinic?${address}`).view);
  return [view.seed, asked.parametersOf(view.preset, view.changes)];
});
"""

PARTIAL = ("v=1", "seed=7", "client=sent", "therapist=tired&stances=ll", "stances=lchba&at=0")


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    entry = tmp_path_factory.mktemp("asked") / "entry.js"
    entry.write_text(ENTRY.replace("SCRIPTS", os.path.relpath(SCRIPTS, entry.parent)), "utf-8")
    given = {"model.js": model_script(), "engine.js": page_script()}
    return bundled_module(entry, "asked", given)


def drawn_addresses() -> list[str]:
    """Addresses of the session room as the dashboard writes them, with all that they can say."""
    random = Random(13)
    names = [one.name for one in all_presets()]
    found = list(PARTIAL)
    while len(found) < 80:
        client, therapist = drawn_pair(random)
        one = drawn_settings(random, client, therapist, share=0.1)
        held = len(one["stances"])
        view = {
            "client": client,
            "therapist": therapist,
            **one["traits"],
            "stances": one["stances"],
            "number": one["number"],
            **({"at": random.randint(0, held)} if random.random() < 0.5 else {}),
        }
        page = PageState(
            preset=random.choice(names),
            changes=one["parameters"],
            seed=int(one["seed"]),
            view=MappingProxyType(view),
        )
        address = write(page, FIELDS)
        if not read("session", address, FIELDS)[1]:
            found.append(address)
    return found


def played(address: str) -> dict[str, Any]:
    """What the dashboard plays at an address."""
    page, notices = read("session", address, FIELDS)
    assert notices == ()
    now = TherapyState.of(page)
    therapy = now.therapy()
    return {
        "who": [now.client.key, now.therapist.key],
        "states": [[bits(float(value)) for value in one.after] for one in therapy.records],
        "at": min(now.at, len(therapy)),
        "counterfactual": now.counterfactual,
    }


def test_an_address_plays_the_same_therapy_in_the_file_and_on_the_dashboard(script) -> None:
    addresses = drawn_addresses()
    found = run(script, PLAYED, {"room": room(), "addresses": addresses})
    for address, theirs in zip(addresses, found, strict=True):
        own = theirs.pop("own")
        assert theirs == played(address), address
        again = {**played(own), "at": theirs["at"]}
        assert again == theirs, own
    assert sum(len(one["states"]) > 2 for one in found) > 20


def test_an_address_that_names_no_preset_means_the_usual_clinic_of_the_dashboard(script) -> None:
    named, unnamed = (f"client=wary&seed=3&stances=llll{one}" for one in ("&preset=youth", ""))
    assert played(unnamed) == played(unnamed + f"&preset={PageState.preset}")
    other, usual = run(script, PLAYED, {"room": room(), "addresses": [named, unnamed]})
    assert usual["states"] == played(unnamed)["states"] != other["states"]


def test_an_address_runs_the_same_clinic_in_the_file_and_on_the_dashboard(script) -> None:
    random = Random(14)
    names = [one.name for one in all_presets()]
    addresses = [
        "",
        "v=1&week=3",
        "clients=30&weeks=20",
        "clients=999999",
        "empathy=7",
        "x=5&seed=2",
    ]
    for _ in range(30):
        changes = {**drawn_parameters(random, 0.1), "clients": random.randint(1, 2_000)}
        page = PageState("clinic", random.choice(names), changes, random.getrandbits(64))
        addresses.append(write(page, CLINIC.fields))
    found = run(script, RUN, {"clinic": clinic(), "addresses": addresses})
    for address, (seed, parameters) in zip(addresses, found, strict=True):
        page, _ = read("clinic", address, CLINIC.fields)
        assert int(seed) == page.seed, address
        assert parameters == page.parameters.model_dump(mode="json"), address
