"""What somebody does on a page: by keyboard alone, and with what can be downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import re
    from pathlib import Path

    from playwright.sync_api import Locator, Page

__all__ = ["downloaded", "press", "reach"]


def reach(page: Page, wanted: Locator, most: int = 80) -> None:
    """Go to a control by Tab alone; it must show that it has the focus."""
    wanted.wait_for()
    for _ in range(most):
        if wanted.evaluate("one => one === document.activeElement"):
            outline = wanted.evaluate("one => getComputedStyle(one).outlineStyle")
            assert outline != "none", "the focus cannot be seen"
            return
        page.keyboard.press("Tab")
    pytest.fail("not reached by Tab")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go to a control by Tab alone and press a key there."""
    reach(page, wanted)
    page.keyboard.press(key)


def downloaded(page: Page, name: str | re.Pattern[str], folder: Path) -> Path:
    """Press a button that gives a file, and return where it lies."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=name).click()
    target: Path = folder / coming.value.suggested_filename
    coming.value.save_as(target)
    return target
