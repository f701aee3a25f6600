"""Frozen values that check themselves and say in one sentence what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from simulation.errors import AllianceError, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["Scalar", "StudyError", "Value", "sentence"]

Scalar = bool | int | float | str
"""One value of one parameter, of the type it was written with."""


ALLOWED = {
    "greater_than": "give more than {gt:,}",
    "greater_than_equal": "give {ge:,} or more",
    "less_than": "give less than {lt:,}",
    "less_than_equal": "give at most {le:,}",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "give a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "give a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "give true or false"),
    "string_type": "give a text in quotation marks",
    "literal_error": "give {expected}",
}
"""What to give, by pydantic's kind of error."""


class StudyError(AllianceError):
    """A study, design or replication rule that cannot be run as it was written."""


class Value(BaseModel):
    """A value that never changes after it was made, with no room for a misspelt field.

    Raises
    ------
    StudyError
        For unknown fields, wrong types and values out of bounds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise StudyError(sentence(error, type(self))) from None


def sentence(error: ValidationError, model: type[BaseModel]) -> str:
    """Put the first complaint of a pydantic error in one sentence.

    Parameters
    ----------
    error
        What pydantic raised.
    model
        The model that refused; its fields are searched for the nearest valid name.
    """
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if not str(part).startswith("function-"))
    raised = first.get("ctx", {}).get("error")
    if isinstance(raised, AllianceError):
        return str(raised)
    match first["type"]:
        case "extra_forbidden":
            name = str(first["loc"][-1])
            return _misplaced(name, place, model)
        case "missing":
            return f"{place} is missing: add it."
        case "union_tag_invalid":
            context = first.get("ctx", {})
            tag = str(context.get("tag", ""))
            allowed = str(context.get("expected_tags", "")).replace("'", "")
            close = nearest(tag, allowed.split(", "))
            hint = f" Did you mean {close}?" if close else ""
            return f"{place} = {tag} is not a kind that exists; allowed are {allowed}.{hint}"
        case "union_tag_not_found":
            return f'{place} needs a kind, for example kind = "grid".'
        case _:
            return _not_allowed(first, place or model.__name__)


def _not_allowed(first: ErrorDetails, place: str) -> str:
    """Say what was given and what is allowed; who writes TOML knows tables, not dictionaries."""
    given = repr(first.get("input"))
    given = given if len(given) <= 60 else given[:57] + "..."
    if first["type"] in {"dict_type", "model_type", "model_attributes_type"}:
        name = place.rsplit(".", 1)[-1]
        return f"{place} = {given} is not allowed: {name} is a table, such as {name} = {{ ... }}."
    said = _allowed(first) or first["msg"].removeprefix("Value error, ")
    return f"{place} = {given} is not allowed: {said[:1].lower()}{said[1:]}."


def _allowed(first: ErrorDetails) -> str:
    """Say what to give instead, where pydantic says what its types are; empty where it says more than that."""
    return ALLOWED.get(first["type"], "").format(**first.get("ctx", {}))


def _misplaced(name: str, place: str, model: type[BaseModel]) -> str:
    names = _field_names(model)
    if name in names:
        tables = _tables_with(name, model)
        own = nearest(name, model.model_fields)
        if not tables and own:
            return f"{place} is not a field here. Did you mean {own}?"
        where = f"under [{tables[0]}]" if tables else "elsewhere"
        return f"{place} is not a field here. It belongs {where}."
    close = nearest(name, names)
    hint = f" Did you mean {close}?" if close else ""
    return f"{place} is not a field here.{hint}"


def _tables_with(name: str, model: type[BaseModel]) -> list[str]:
    """Return the fields of a model that are tables in which this name may stand."""
    return [
        table
        for table, field in model.model_fields.items()
        if any(name in part.model_fields for part in _models_of(field.annotation))
    ]


def _models_of(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_of(part)]


def _field_names(model: type[BaseModel]) -> set[str]:
    """Return the names of a model's fields and of the models that descend from `Value`."""
    names = set(model.model_fields)
    waiting: list[type[BaseModel]] = [Value]
    while waiting:
        for child in waiting.pop().__subclasses__():
            names.update(child.model_fields)
            waiting.append(child)
    return names
