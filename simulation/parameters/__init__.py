"""The one table of parameters and the frozen value of a setting of them.

The command line, the presets, sliders and tooltips, sweeps, sensitivity bounds and the documentation all read
`PARAMETERS`. Nothing else in the project knows a default, a unit or a bound.
"""

from __future__ import annotations

from simulation.parameters.declaration import Kind, Parameter, Status
from simulation.parameters.table import PARAMETERS, Parameters

__all__ = ["PARAMETERS", "Kind", "Parameter", "Parameters", "Status"]
