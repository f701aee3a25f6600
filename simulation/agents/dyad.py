"""One session compiled for one dyad: what a Mesa agent calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.coefficients import unpack
from simulation.engine.compilation import compiled
from simulation.equation import listing
from simulation.session import draw_session, hold_session
from simulation.states import ClientTraits, DyadState, Presence, SessionEvents

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulation.randomness import Key

    Array = NDArray[Any]

__all__ = ["meet"]


def _reader(kind: Any) -> Callable[..., Any]:
    fields = ", ".join(f"row[{place}]" for place in range(len(kind._fields)))
    return listing(f"read_{kind.__name__}(row)", f"return kind({fields})", kind=kind)


def _writer(kind: Any) -> Callable[..., Any]:
    lines = (f"row[{place}] = value.{name}" for place, name in enumerate(kind._fields))
    return listing(f"write_{kind.__name__}(row, value)", *lines)


client_in = _reader(ClientTraits)
state_in = _reader(DyadState)
presence_in = _reader(Presence)
put_state = _writer(DyadState)
put_events = _writer(SessionEvents)


@compiled
def meet(
    key: Key,
    client: int,
    session: int,
    traits: Array,
    state: Array,
    presence: Array,
    events: Array,
    numbers: Array,
) -> None:
    """Run session number `session` of client number `client`; write into `state` and `events`.

    The arrays have the fields of the named tuples of `simulation.states` in their order, and the numbers of
    `simulation.coefficients`.
    """
    p = unpack(numbers)
    after, what = hold_session(
        client_in(traits),
        state_in(state),
        presence_in(presence),
        draw_session(key, client, session),
        p,
    )
    put_state(state, after)
    put_events(events, what)
