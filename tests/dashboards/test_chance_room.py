"""The chance room: students of a class are counted; whoever is not has a number of their own choosing."""

from __future__ import annotations

from threading import current_thread
from typing import TYPE_CHECKING

import pytest
import solara
from solara.server import kernel_context

from dashboards.addresses.address import PageState
from dashboards.addresses.invitation import Invitation
from dashboards.addresses.visitor import Visitor
from dashboards.classroom.entries import MOST, ClassEntries
from dashboards.rooms import chance
from dashboards.shell import state
from dashboards.widgets.panel import PanelWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

STUDENT, TEACHER = Visitor(browser="one", owns=False, alone=False), Visitor(alone=False)


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[ClassEntries]:
    """Give a session and a class of their own, wherever else in this process a server has run."""
    found = ClassEntries()
    monkeypatch.setattr(chance, "CLASS_ENTRIES", found)
    kernel_context.set_current_context(kernel_context.create_dummy_context())
    yield found
    kernel_context.clear_context_for_thread(current_thread())


def seen_by(visitor: Visitor, invitation: Invitation | None) -> tuple[str, list[str]]:
    """Return what a visitor reads, and what can be entered."""
    state.visitor.value, state.invitation.value = visitor, invitation
    _, context = solara.render(chance.Room(PageState(room="chance")), handle_error=False)
    try:
        groups = [group for one in context.find(PanelWidget).widgets for group in one.groups.groups]
        entered = [control.name for group in groups for control in group.controls]
        return str(context.find()), entered
    finally:
        context.close()


def test_who_is_counted_is_told_a_number_and_enters_none(entries: ClassEntries) -> None:
    invited = Invitation("class", "http://class.example", "token")
    entries.number("another")
    text, entered = seen_by(STUDENT, invited)
    assert "You are number 2." in text
    assert not entered


def test_who_comes_when_all_numbers_are_given_enters_one(entries: ClassEntries) -> None:
    for one in range(MOST):
        entries.number(f"another {one}")
    text, entered = seen_by(STUDENT, Invitation("class", "http://class.example", "token"))
    assert "You are number" not in text
    assert entered == ["number"]


@pytest.mark.parametrize("invited", [True, False])
def test_who_runs_the_dashboard_or_is_alone_enters_a_number(
    entries: ClassEntries, invited: bool
) -> None:
    invitation = Invitation("class", "http://class.example", "token") if invited else None
    text, entered = seen_by(TEACHER, invitation)
    assert "You are number" not in text
    assert entered == (["number"] if invited else ["number", "students"])
    assert entries.students == 0
