"""Designs whose points are listed: rows of a table, presets, cases."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from experiments.design.design_points import DesignPoints, GridPoints, ListedPoints
from experiments.design.parameter_space import CASE, LAYER, PRESET, Column
from experiments.design.value import Scalar, StudyError, Value
from simulation.input_files import InputFileError, read_bytes

if TYPE_CHECKING:
    from experiments.design.parameter_space import ParameterSpace

__all__ = ["Cases", "Presets", "Table"]


class Table(Value):
    """Points written out, a column a factor; also read from CSV, Parquet or a data frame.

    In TOML, ``path = "points.csv"`` (beside the study's file) stands for the columns of that file.
    """

    kind: Literal["table"] = "table"
    columns: dict[str, tuple[Scalar, ...]] = Field(min_length=1)

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        lengths = {name: len(values) for name, values in self.columns.items()}
        if len(set(lengths.values())) > 1 or 0 in lengths.values():
            counts = ", ".join(f"{name} {count}" for name, count in lengths.items())
            raise StudyError(
                f"The columns of a table are equally long and not empty; these are {counts}."
            )
        return self

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """Read the columns of a CSV or Parquet file.

        Raises
        ------
        StudyError
            If it cannot be read as a table.
        """
        import polars as pl

        file = Path(path)
        try:
            content = io.BytesIO(read_bytes(file, called="The table"))
        except InputFileError as error:
            raise StudyError(str(error)) from None
        parquet = file.suffix == ".parquet"
        try:
            frame = pl.read_parquet(content) if parquet else pl.read_csv(content)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # a panic inside polars is no Exception
            # What polars says may quote the file, and a study names any file.
            kind = "Parquet" if parquet else "CSV with a header line"
            raise StudyError(f"{file} cannot be read as a table: it is not {kind}.") from None
        return cls.from_frame(frame)

    @classmethod
    def from_frame(cls, frame: Any) -> Self:
        """Take the columns of a polars or pandas data frame; no value may be missing."""
        import polars as pl

        table = (
            frame
            if isinstance(frame, pl.DataFrame)
            else pl.DataFrame({str(name): frame[name].tolist() for name in frame.columns})
        )
        for name in table.columns:
            if table[name].null_count():
                row = int(table[name].is_null().arg_true()[0]) + 1
                raise StudyError(f"Column {name} of the table has no value in row {row}.")
        return cls(columns={name: tuple(table[name].to_list()) for name in table.columns})

    def points(self, space: ParameterSpace) -> DesignPoints:
        checked = {
            name: [space.checked(name, value) for value in values]
            for name, values in self.columns.items()
        }
        columns = {name: space.column(name) for name in self.columns}
        rows = [dict(zip(checked, row, strict=True)) for row in zip(*checked.values(), strict=True)]
        return ListedPoints(rows, columns)


class Presets(Value):
    """Named presets as the levels of a factor: settings, scenarios, mechanisms or policies.

    Each is layered on the study's own preset; the level ``base`` layers nothing on it.

    Examples
    --------
    >>> Presets(name="policy", names=["base", "progress_feedback", "role_induction"])
    """

    kind: Literal["presets"] = "presets"
    name: str = PRESET
    names: tuple[str, ...] = Field(min_length=1)

    def points(self, space: ParameterSpace) -> DesignPoints:
        _refuse_parameter(self.name, space)
        names = tuple(str(space.checked(PRESET, name)) for name in self.names)
        return GridPoints({self.name: names}, {self.name: Column(LAYER, names)})


class Cases(Value):
    """Named bundles of settings, policies for example, as the levels of a factor.

    Examples
    --------
    >>> Cases(name="policy", cases={"as usual": {}, "feedback": {"progress_feedback": True}})
    """

    kind: Literal["cases"] = "cases"
    name: str = "policy"
    cases: dict[str, dict[str, Scalar]] = Field(min_length=1)

    def points(self, space: ParameterSpace) -> DesignPoints:
        if self.name in space.parameters or self.name == PRESET:
            raise StudyError(f"{self.name} is a parameter already; give the cases another name.")
        checked = {
            level: {name: space.checked(name, value) for name, value in settings.items()}
            for level, settings in self.cases.items()
        }
        names = tuple(checked)
        return GridPoints(
            {self.name: names}, {self.name: Column(CASE, names)}, {self.name: checked}
        )


def _refuse_parameter(name: str, space: ParameterSpace) -> None:
    if name in space.parameters:
        raise StudyError(f"{name} is a parameter already; give the factor another name.")
