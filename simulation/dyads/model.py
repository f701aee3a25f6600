"""Another model of the dyad in the same clinic: its own state, session, ending and parameters.

Who comes, waits and is assigned, what work does to therapists, and how questionnaires answer stay the model's. A
session is the plug-in's: from what the dyad was to what it is, and what of that is measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from simulation.dyads.endings import usual_ending
from simulation.dyads.measured import Ended, Measured
from simulation.equation import equation, listing
from simulation.errors import AllianceError
from simulation.session import begin_therapy
from simulation.states import DyadState, SessionEvents

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.session import SessionFunction

__all__ = ["SPARE", "DyadModel", "Ended", "Measured"]

SPARE = ("relief", "usual_alliance", "disposition", "confronting", "sensitivity")
"""Fields of `DyadState` that nothing but the model's own session reads: they carry another model's state."""

UNCHANGED = ("crossings", "distress_at_start", "match")
"""Fields that another model leaves as they were when therapy began."""

ARGUMENTS = {
    "begin": "client distress style p",
    "session": "client state therapist draws p",
    "measured": "client state before therapist draws p",
    "ending": "client before therapist draws now p",
}


@dataclass(frozen=True)
class DyadModel:
    """How the sessions of a dyad go, in place of `simulation.session`.

    It is the `dyad` of a subclass of `Parameters`, which may declare parameters of its own. Wherever a setting can be
    run, an instance of that subclass can be: in Mesa, in plain Python and in the engine, with the same bits.

    All functions are pure functions of floats, as `docs/extending.md` describes them for session functions; helpers
    that they call are marked with `@equation`. `p` has the model's parameters and the subclass's own.

    Attributes
    ----------
    state
        A class of named tuples of one to five floats: what the dyad carries from session to session.
    begin
        ``begin(client, distress, style, p)`` returns that state for a client (`ClientTraits`) who begins with this
        distress, [0, 1], with a therapist of this style, [0, 1].
    session
        ``session(client, state, therapist, draws, p)`` returns the state after a session with a therapist as present
        this week (`Presence`), given `SessionDraws`.
    measured
        ``measured(client, state, before, therapist, draws, p)`` returns what tables and questionnaires show of it, as
        `Measured`; `before` is the `DyadState` before the session.
    ending
        ``ending(client, before, therapist, draws, now, p)`` returns whether and how therapy ends, as `Ended`, given
        what is measured `now`. The model's own rule if left out; `dataclasses.replace(model, ending=...)` changes it
        alone.

    Raises
    ------
    AllianceError
        If a function is none or takes other arguments, or the state has none or too many fields.
    """

    state: type[NamedTuple]
    begin: Callable[..., Any]
    session: Callable[..., Any]
    measured: Callable[..., Measured]
    ending: Callable[..., Ended] = usual_ending

    def __post_init__(self) -> None:
        for name, arguments in ARGUMENTS.items():
            function = getattr(self, name)
            count = len(arguments.split())
            if not isinstance(function, FunctionType) or function.__code__.co_argcount != count:
                raise AllianceError(
                    f"{name} = {function!r} is not allowed: give a plain Python function of "
                    f"{arguments.replace(' ', ', ')}."
                )
            equation(function)
        fields = getattr(self.state, "_fields", ())
        if not 1 <= len(fields) <= len(SPARE):
            raise AllianceError(
                f"state = {self.state!r} is not allowed: give a class of named tuples of one to {len(SPARE)} floats."
            )

    def holding(self, session: SessionFunction | None = None) -> SessionFunction:
        """Return the session function of this model, with the arguments and results of `hold_session`.

        Raises
        ------
        AllianceError
            If another `session` is asked for at the same time.
        """
        if session is not None:
            raise AllianceError(
                "The setting has a model of the dyad with its own session, and session = "
                f"{getattr(session, '__name__', session)} would replace it: give one."
            )
        return self._hold

    @cached_property
    def state_in(self) -> Callable[[DyadState], Any]:
        """What reads this model's state from a `DyadState`."""
        fields = ", ".join(f"dyad.{name}" for name, _ in self._places)
        return listing("state_in(dyad)", f"return kind({fields})", kind=self.state)

    @cached_property
    def beginning(self) -> Callable[..., DyadState]:
        """What stands for `simulation.session.begin_therapy`."""
        fields = dict(self._places)
        values = (
            f"own.{fields[name]}" if name in fields else f"usual.{name}"
            for name in DyadState._fields
        )
        return listing(
            "begin_therapy(client, distress, style, p)",
            "usual = usual_beginning(client, distress, style, p)",
            "own = begin(client, distress, style, p)",
            f"return DyadState({', '.join(values)})",
            usual_beginning=begin_therapy,
            begin=self.begin,
            DyadState=DyadState,
        )

    @cached_property
    def _places(self) -> tuple[tuple[str, str], ...]:
        """Field of `DyadState`, field of the own state."""
        return tuple(zip(SPARE, self.state._fields, strict=False))

    @cached_property
    def _hold(self) -> SessionFunction:
        own = {place: f"own.{name}" for place, name in self._places}
        unused = {name: f"before.{name}" for name in (*SPARE, *UNCHANGED)}
        measured = {name: f"now.{name}" for name in Measured._fields}
        after = {**measured, **unused, **own, "session": "before.session + 1.0"}
        events = {
            **measured,
            "dropout_probability": "ended.dropout_probability",
            "boundary_event": "0.0",
            "porosity": "therapist.present_porosity",
            "rigidity": "therapist.present_rigidity",
            "ending": "ended.ending",
        }
        return listing(
            "hold_session(client, before, therapist, draws, p)",
            "own = session(client, state_in(before), therapist, draws, p)",
            "now = measured(client, own, before, therapist, draws, p)",
            "ended = ending(client, before, therapist, draws, now, p)",
            f"after = DyadState({', '.join(after[name] for name in DyadState._fields)})",
            f"return after, SessionEvents({', '.join(events[name] for name in SessionEvents._fields)})",
            session=self.session,
            state_in=self.state_in,
            measured=self.measured,
            ending=self.ending,
            DyadState=DyadState,
            SessionEvents=SessionEvents,
        )
