"""Groups of buttons. A group is one widget however many buttons it has: that keeps a page quick to change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anywidget
import solara
import traitlets

from dashboards.widgets.component import component
from dashboards.widgets.modules import module
from dashboards.widgets.sent import sent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Button", "Buttons", "ButtonsWidget", "Press", "Toggle"]


@dataclass(frozen=True, slots=True)
class Press:
    """One button of a group.

    Attributes
    ----------
    name
        By which `on_press` is told which one it was.
    label
        Its words.
    said
        What it is called where the words alone don't tell, with these words in it, since those who speak to their
        browser say what they see; empty where they do.
    hint
        A remark beside it.
    disabled
        Whether it can't be pressed now.
    pressed
        Whether it is on, for one that stays on; None for one that acts once.
    kind
        ``act`` for the one that goes on, ``quiet`` for one beside the point, else empty.
    """

    name: str
    label: str
    said: str = ""
    hint: str = ""
    disabled: bool = False
    pressed: bool | None = None
    kind: str = ""

    def __post_init__(self) -> None:
        if self.said and self.label.lower() not in self.said.lower():
            raise ValueError(f"{self.said!r} does not say {self.label!r}, which is what one sees.")


@dataclass(frozen=True, slots=True)
class ButtonGroup:
    """Buttons, what they are for, and how they stand: ``flow`` beside, ``stances`` below each other."""

    label: str
    buttons: tuple[Press, ...]
    layout: str


class ButtonsWidget(anywidget.AnyWidget):
    """The browser's half is ``assets/buttons.js``."""

    _esm = module("buttons.js")

    group = sent()
    event = traitlets.Dict().tag(sync=True)


@component
def Buttons(
    label: str, buttons: Sequence[Press], on_press: Callable[[str], Any], layout: str = "flow"
) -> Any:
    """Show a group of buttons.

    Parameters
    ----------
    label
        What they are for.
    buttons
        In order.
    on_press
        Called with the name of the one that was pressed; never with one that is disabled.
    layout
        ``flow`` beside each other, ``stances`` below each other with their hints.
    """
    able = {one.name for one in buttons if not one.disabled}
    heard = solara.use_ref(0.0)

    def pressed(event: dict[str, Any]) -> None:
        # While an answer is under way a browser sends the latest event only, which brings those before it along.
        for one in (*event.get("earlier", ()), event) if event else ():
            number = float(one.get("n", heard.current + 1.0))
            if number > heard.current:
                heard.current = number
                if one.get("name") in able:
                    on_press(str(one["name"]))

    return ButtonsWidget.element(group=ButtonGroup(label, tuple(buttons), layout), on_event=pressed)


@component
def Button(
    label: str,
    on_click: Callable[[], Any],
    kind: str = "",
    disabled: bool = False,
    said: str = "",
    pressed: bool | None = None,
) -> Any:
    """Show one button; see `Press`."""
    one = Press("press", label, said, "", disabled, pressed, kind)
    return Buttons(said or label, (one,), lambda _: on_click())


@component
def Toggle(
    label: str,
    options: Sequence[tuple[str, str]],
    value: str,
    on_value: Callable[[str], Any],
    layout: str = "flow",
) -> Any:
    """Show a few choices as buttons of which one is on.

    Parameters
    ----------
    label
        What is chosen.
    options
        Values and their words.
    value
        The one that is on.
    on_value
        Called with the value chosen.
    layout
        As for `Buttons`.
    """
    buttons = tuple(Press(one, words, pressed=one == value) for one, words in options)
    return Buttons(label, buttons, on_value, layout)
