"""The session room's model has the bits of Python in a browser, without a server and without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.portable.model import model_script
from tests.dashboards.bits_of_therapies import PLAY, any_settings, calculated
from tests.dashboards.javascript import followed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RUN = """async ([module, given]) => {
  const whole = `data:text/javascript;charset=utf-8,${encodeURIComponent(module)}`;
  return (await import(whole)).result(given);
}"""


def test_settings_drawn_now_have_the_bits_of_python_in_chromium(chromium: Browser) -> None:
    seed, settings = any_settings(400)
    context = chromium.new_context(offline=True)
    try:
        found = context.new_page().evaluate(RUN, [followed(model_script(), PLAY), settings])
    finally:
        context.close()
    different = [one for one, bits in zip(settings, found, strict=True) if bits != calculated(one)]
    assert different == [], f"drawn by Random({seed})"
