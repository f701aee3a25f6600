"""Clinics run in a file that is opened from the disk, whatever the site that hosts it forbids, or it says why not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.compiled.scripts import clinics_data, page_script
from simulation.clinic import STATUSES
from simulation.coefficients import coefficients
from simulation.parameters import Parameters
from simulation.running import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SETTING = Parameters(clients=60, therapists=5, supervision_network="small_world")
SEED = 2**63 + 5

FORBIDDEN = {
    "nothing": ("", "worker"),
    "workers": ("script-src 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'none'", "page"),
    "workers by the script's source": ("script-src 'unsafe-inline' 'wasm-unsafe-eval'", "page"),
    "WebAssembly": ("script-src 'unsafe-inline' blob:; worker-src blob:", "nowhere"),
    "everything": ("default-src 'none'; script-src 'unsafe-inline'", "nowhere"),
}
"""What a content security policy says, and where clinics run under it."""

# The page asks for a clinic; meanwhile it counts the turns that it has for itself.
ASK = """async ({ parameters, seed, replicates, cancelAt }) => {
  let turns = 0, known = 0;
  const clock = setInterval(() => { turns += 1; }, 4);
  const job = clinics.run({ settings: [parameters], seed, replicates, people: true, histories: true }, (progress) => {
    known += 1;
    if (progress.done >= cancelAt) job.cancel();
  });
  const begun = performance.now();
  const result = await job.done;
  clearInterval(clock);
  return { result, turns, known, milliseconds: performance.now() - begun };
}"""


def document(policy: str) -> str:
    """A page that has nothing but what runs clinics."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
    numbers = json.dumps(coefficients(SETTING).tolist())
    data = clinics_data().replace("</", "<\\/")
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">{meta}<title>Clinics</title></head><body>
<script type="module">{page_script()}
const numbersOf = () => {numbers};
window.clinics = await startClinics({{ ...{data}, numbersOf }});
</script></body></html>"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(offline=True)
    yield context.new_page()
    context.close()


def opened(page: Page, folder: Path, policy: str) -> Page:
    file = folder / "clinics.html"
    file.write_text(document(policy), "utf-8")
    page.goto(file.as_uri())
    page.wait_for_function("() => window.clinics")
    return page


def ask(page: Page, replicates: int, cancel_at: int = 10**9) -> dict[str, Any]:
    given = {"parameters": SETTING.model_dump(), "seed": str(SEED), "replicates": replicates}
    found: dict[str, Any] = page.evaluate(ASK, {**given, "cancelAt": cancel_at})
    return found


@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_clinics_run_where_they_may_or_say_why_not(
    page: Page, tmp_path: Path, forbidden: str
) -> None:
    policy, where = FORBIDDEN[forbidden]
    opened(page, tmp_path, policy)
    assert page.evaluate("() => clinics.where") == where
    notice = page.evaluate("() => clinics.notice")
    assert bool(notice) == (where != "worker")
    if where == "nowhere":
        assert (
            page.evaluate("() => clinics.run({ settings: [{}] }).done.catch((e) => e.message)")
            == notice
        )
        return
    assert page.evaluate("() => clinics.form") == "simd"
    people = ask(page, 3)["result"]["people"]
    rows = simulate(SETTING, seed=SEED, threads=1).client_rows
    assert [one["status"] for one in people] == [STATUSES[code] for code in rows["status"]]
    assert [one["distress_last"] for one in people] == rows["distress_last"].tolist()


@pytest.mark.parametrize("forbidden", ["nothing", "workers"])
def test_a_page_has_its_turns_while_clinics_run_and_can_cancel_them(
    page: Page, tmp_path: Path, forbidden: str
) -> None:
    opened(page, tmp_path, FORBIDDEN[forbidden][0])
    whole = ask(page, 2_000)
    assert whole["result"]["points"][0]["replicates"] == 2_000
    assert whole["known"] >= 2
    assert whole["turns"] >= whole["milliseconds"] / 100
    cancelled = ask(page, 1_000_000, cancel_at=100)
    assert cancelled["result"] is None
    assert cancelled["milliseconds"] < 100 * whole["milliseconds"], "all of it takes 500 times"
    assert ask(page, 2)["result"]["points"][0]["replicates"] == 2


def test_clinics_run_in_a_sandboxed_frame(page: Page, tmp_path: Path) -> None:
    (tmp_path / "clinics.html").write_text(document(""), "utf-8")
    outer = tmp_path / "outer.html"
    outer.write_text('<iframe sandbox="allow-scripts" src="clinics.html"></iframe>', "utf-8")
    page.goto(outer.as_uri())
    frame = page.frames[1]
    frame.wait_for_function("() => window.clinics")
    assert frame.evaluate("() => clinics.where") in {"worker", "page"}
    given = {"parameters": SETTING.model_dump(), "seed": "1", "replicates": 2, "cancelAt": 10**9}
    assert frame.evaluate(ASK, given)["result"]["points"][0]["replicates"] == 2
