# In the order in which a researcher needs them.
# isort: skip_file

# What to run: a study, its design, its factors, how often.
from .design.study import Study as Study
from .design.designs import (
    Grid as Grid,
    OneAtATime as OneAtATime,
    Product as Product,
    Union as Union,
)
from .design.sampling import (
    LatinHypercube as LatinHypercube,
    Sobol as Sobol,
    Saltelli as Saltelli,
    Morris as Morris,
)
from .design.listed_designs import Table as Table, Presets as Presets, Cases as Cases
from .design.factors import Levels as Levels, Range as Range
from .design.replication import Adaptive as Adaptive, Fixed as Fixed
from .design.parameter_space import ParameterSpace as ParameterSpace

# Running it, here or on many machines.
from .execution.plan import plan as plan
from .execution.run import extend as extend, run as run
from .execution.evaluation import ClinicEvaluation as ClinicEvaluation
from .execution.executors import (
    Serial as Serial,
    Threads as Threads,
    Processes as Processes,
    Futures as Futures,
)
from .execution.dask_executor import Dask as Dask
from .execution.options import Shard as Shard
from .execution.verify import verify as verify

# What came of it.
from .store.study_folder import StudyFolder as StudyFolder, results as results
from .analysis.estimates import summarise as summarise
from .analysis.study_sensitivity import sensitivity as sensitivity

# Simulated trials.
from .trials.trial import Trial as Trial
from .power.wanted import Wanted as Wanted
from .power.finding import find_power as find_power

# The simulation beside published findings.
from .validation.validate import validate as validate
