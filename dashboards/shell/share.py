"""A link that restores exactly what is seen, as text and as a QR code."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.pages import address
from dashboards.addresses.qr import qr_code
from dashboards.shell import state
from dashboards.widgets.buttons import Button
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.addresses.address import PageState
    from dashboards.addresses.invitation import Invitation

__all__ = ["Share"]


@component
def Share(page: PageState) -> Any:
    """Offer the link."""
    shown, show = solara.use_state(False)
    children = [Button("Share what you see", on_click=lambda: show(not shown), pressed=shown)]
    if shown:
        children.append(Opened(page, lambda: show(False)))
    return Tag("div", *children, class_="share")


@component
def Opened(page: PageState, close: Callable[[], None]) -> Any:
    """Show the link above the page; ``assets/custom.js`` opens it, and sees to Escape and to the focus."""
    link = state.link(address(page))
    return Tag(
        "div",
        Tag("h2", "Share what you see"),
        Tag("label", "Link to exactly this", for_="share-link"),
        Tag("input", id="share-link", type="text", readonly=True, value=link),
        Tag(
            "div",
            Tag("button", "Copy link", type="button", data_act="copy", data_from="share-link"),
            Tag("span", Button("Close", on_click=close), class_="close"),
            class_="flow",
        ),
        markup(qr_code(link), class_="qr"),
        markup(_advice(state.invitation.value)),
        class_="card stack popup",
        popover="auto",
        role="dialog",
        aria_label="Share what you see",
        data_focus="share-link",
    )


def _advice(invitation: Invitation | None) -> str:
    """Say whom the link lets in."""
    if invitation:
        words = (
            f"Whoever has this link is let in, as the class {escape(invitation.class_name)}. To end that, start the "
            "dashboard again without the class, or with another name for it."
        )
    else:
        words = (
            "The link opens in browsers that have been let in already. To let a class in, start the dashboard with "
            "<code>alliance dashboard --class NAME</code>."
        )
    return f'<p class="soft">{words}</p>'
