"""What a page shows, in words and numbers: what a reader or a screen reader gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["charts", "controls", "is_seen", "seen", "without_violations"]

LOOKS = tuple((width, scheme) for width in (1440, 390) for scheme in ("light", "dark"))

ON_SCREEN = """one => {
  const box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const inside = box.height > 0 && Math.round(box.top) >= 0 && Math.round(box.bottom) <= innerHeight
    && Math.round(box.left) >= 0 && Math.round(box.right) <= innerWidth;
  return inside && at !== null && (one.contains(at) || at.contains(one));
}"""
"""What a reader sees of an element: it is inside the screen and not covered by another one."""

CONTROLS = """main => Object.fromEntries([...main.querySelectorAll("input, select")].map(one => [
  one.labels[0]?.textContent ?? one.getAttribute("aria-label"),
  one.type === "checkbox" ? one.checked : one.value]))"""

SEEN = """main => ({
  headings: [...main.querySelectorAll("h1, h2, h3")].map((one) => one.textContent),
  charts: [...main.querySelectorAll("figure.chart .summary")].map((one) => one.textContent),
  said: [...main.querySelectorAll("[role=status], .log li, dd, .after")].map((one) => one.textContent),
  on: [...main.querySelectorAll("[aria-pressed=true]")].map((one) => one.textContent),
  code: [...main.querySelectorAll("pre")].map((one) => one.textContent),
})"""


def charts(page: Page) -> list[str]:
    """Return what each chart of the page says it shows."""
    return page.locator("main figure.chart .summary").all_text_contents()


def controls(page: Page) -> dict[str, Any]:
    """Return the value of every control by its name."""
    found: dict[str, Any] = page.locator("main").evaluate(CONTROLS)
    return found


def is_seen(one: Locator) -> bool:
    """Tell whether an element stands on the screen, from its top to its foot, and nothing covers it."""
    return bool(one.evaluate(ON_SCREEN))


def seen(page: Page) -> dict[str, Any]:
    """Return all that a room shows: its headings, charts in words, figures, choices that are on, and controls."""
    found: dict[str, Any] = page.locator("main").evaluate(SEEN)
    return {**found, "controls": controls(page)}


def without_violations(page: Page, state: str) -> None:
    """Check that axe finds nothing to object to, at both widths, light and dark, and that nothing overflows."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[str] = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.wait_for_function("one => document.documentElement.dataset.theme === one", arg=scheme)
        result = Axe().run(page)
        if result.violations_count:
            found.append(f"{state}, {width} px, {scheme}: {result.generate_report()}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append(f"{state}, {width} px: the page is {wide} px wider than the screen")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert not found, "\n".join(found)
