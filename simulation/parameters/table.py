"""`Parameters`, a frozen and checked setting of every parameter, and `PARAMETERS`, the table it is made from."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from simulation.errors import AllianceError, unknown_name
from simulation.parameters.alliance import Alliance
from simulation.parameters.boundaries import Boundaries
from simulation.parameters.change import Change
from simulation.parameters.clinic import Clinic
from simulation.parameters.declaration import Parameter, Status
from simulation.parameters.ending import Ending
from simulation.parameters.follow_up import FollowUp
from simulation.parameters.measurement import Measurement
from simulation.parameters.meeting import Meeting
from simulation.parameters.people import Clients, TherapistTraits
from simulation.parameters.policies import Policies
from simulation.parameters.rupture import RuptureRepair
from simulation.parameters.therapist import Fatigue, Learning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

__all__ = ["PARAMETERS", "Parameters"]

GROUPS: tuple[type[BaseModel], ...] = (
    Clinic,
    Policies,
    Clients,
    TherapistTraits,
    Meeting,
    Boundaries,
    RuptureRepair,
    Alliance,
    Change,
    Ending,
    FollowUp,
    Fatigue,
    Learning,
    Measurement,
)


class Parameters(
    Measurement,
    Learning,
    Fatigue,
    FollowUp,
    Ending,
    Change,
    Alliance,
    RuptureRepair,
    Boundaries,
    Meeting,
    TherapistTraits,
    Clients,
    Policies,
    Clinic,
):
    """A complete, checked and frozen setting of the model's parameters.

    Every parameter has a default, so ``Parameters(empathy=0.8)`` is the default clinic with more empathic
    therapists. `PARAMETERS` has meaning, unit and bounds of each.

    A subclass is a setting with another model of the dyad, and may declare parameters of its own: see
    `simulation.dyads.model.DyadModel`.

    Attributes
    ----------
    dyad
        The `simulation.dyads.model.DyadModel`; None for the sessions that `simulation.session` describes.
    rows
        The table of parameters of this class: name to what is known of it.
    own
        Names of the parameters that a subclass adds, in their order.

    Raises
    ------
    AllianceError
        For a name that does not exist or a value out of bounds: one sentence, with what is allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, defer_build=False)

    dyad: ClassVar[Any] = None
    rows: ClassVar[Mapping[str, Parameter]]
    own: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        if cls.dyad is None:
            return
        cls.own = tuple(name for name in cls.model_fields if name not in PARAMETERS)
        group = str(cls.__doc__).partition("\n")[0].rstrip(".")
        cls.rows = MappingProxyType(
            {
                name: _row(name, field, group)
                if name in cls.own or field.default != PARAMETERS[name].default
                else PARAMETERS[name]
                for name, field in cls.model_fields.items()
            }
        )

    def __init__(self, **values: Any) -> None:
        rows = type(self).rows
        for name, value in values.items():
            if name not in rows:
                raise unknown_name(name, "a parameter", rows, see="See: alliance explain")
            values[name] = _number_from_text(rows[name], value)
        try:
            super().__init__(**values)
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            row = rows[name]
            given = values[name]
            unit = f" ({row.unit})" if row.named_unit else ""
            raise AllianceError(
                f"{name} = {given} is not allowed: {name} takes {row.allowed}{unit}."
            ) from None

    def replace(self, **values: Any) -> Self:
        """Return a copy with some values changed, checked like new ones."""
        return type(self)(**{**self.model_dump(), **values})

    def changed(self) -> dict[str, Any]:
        """Return the values that differ from the defaults, by name."""
        return {
            name: value
            for name, value in self.model_dump().items()
            if value != type(self).rows[name].default
        }


def _number_from_text(row: Parameter, value: Any) -> Any:
    """Read ``"1e2"``, ``"100"`` or ``100.0`` as the whole number 100 where a whole number is meant."""
    if row.kind == "integer" and not isinstance(value, bool):
        try:
            as_float = float(value)
        except (TypeError, ValueError):
            return value
        return int(as_float) if as_float.is_integer() else value
    if row.kind != "switch" and isinstance(value, bool):
        return str(value)
    return value


def _row(name: str, field: FieldInfo, group: str) -> Parameter:
    extra: dict[str, Any] = dict(field.json_schema_extra or {})  # type: ignore[arg-type]
    if extra.get("kind") not in {"number", "integer", "choice", "switch"}:
        raise AllianceError(
            f"{name} is no parameter: declare it with number, integer or switch of simulation.parameters.declaration."
        )
    bounds = {type(item).__name__: item for item in field.metadata}
    row = Parameter(
        name=name,
        default=field.default,
        unit=extra["unit"],
        low=bounds["Ge"].ge if "Ge" in bounds else None,
        high=bounds["Le"].le if "Le" in bounds else None,
        meaning=str(field.description),
        status=extra["status"],
        source=extra["source"],
        group=group,
        kind=extra["kind"],
        choices=get_args(field.annotation) if extra["kind"] == "choice" else (),
    )
    _check(row)
    return row


def _check(row: Parameter) -> None:
    """Refuse a declaration that contradicts itself: whoever adds a parameter hears of it when it is first read."""
    if row.status not in get_args(Status):
        raise AllianceError(
            f"{row.name} has the status {row.status!r}: say published, calibrated or assumed."
        )
    if row.low is None or row.high is None:
        return
    if row.low >= row.high:
        raise AllianceError(
            f"{row.name} takes values from {row.low:g} to {row.high:g}: give the lower bound first."
        )
    if not row.low <= row.default <= row.high:
        raise AllianceError(
            f"{row.name} = {row.default} is outside its own bounds, {row.range}: change the default or the bounds."
        )


def _rows_of(groups: tuple[type[BaseModel], ...]) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for group in groups:
        for name, field in group.model_fields.items():
            if name in found:
                raise AllianceError(
                    f"{name} is declared twice, in {found[name].group} and in {group.__doc__} Choose another name."
                )
            found[name] = _row(name, field, str(group.__doc__).rstrip("."))
    return found


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(_rows_of(GROUPS))

Parameters.rows = PARAMETERS
