"""Elements of inline SVG; whatever they hold is escaped unless it is an element itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["element", "together"]


def element(name: str, *inside: str, **attributes: object) -> Markup:
    """Return an element.

    Parameters
    ----------
    name
        Its tag.
    *inside
        Texts, which are escaped, and elements.
    **attributes
        Escaped, too. Underscores become hyphens, one at the end is dropped (``class_``), and what is
        ``None`` is left out.
    """
    pairs = Markup("").join(
        Markup(' {}="{}"').format(attribute.removesuffix("_").replace("_", "-"), value)
        for attribute, value in attributes.items()
        if value is not None
    )
    if not inside:
        return Markup("<{}{}/>").format(name, pairs)
    return Markup("<{0}{1}>{2}</{0}>").format(name, pairs, together(inside))


def together(parts: Iterable[str]) -> Markup:
    """Return elements and texts one after the other."""
    return Markup("").join(parts)
