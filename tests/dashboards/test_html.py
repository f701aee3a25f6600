"""Elements of a page: what is another element is made anew."""

from __future__ import annotations

from typing import Any

import solara

from dashboards.widgets.html import Tag


def test_another_tag_at_the_same_place_is_another_element() -> None:
    turn: list[Any] = []

    @solara.component
    def Body() -> Any:
        full, fill = solara.use_state(False)
        turn[:] = [fill]
        return Tag("div", Tag("section" if full else "p", "one"), Tag("p", "two"))

    box, context = solara.render(Body(), handle_error=False)
    first, second = box.children[0].children
    turn[0](True)
    changed, same = box.children[0].children
    context.close()
    assert (first.tag, changed.tag) == ("p", "section")
    assert changed is not first, "the browser would keep the tag that it was made with"
    assert same is second
