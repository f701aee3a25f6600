"""What researchers do with the model: studies, sensitivity, published findings, reports, the command line.

What is named here is all that most scripts need, and is imported when it is first used:

>>> from experiments import Fixed, Grid, Study, results, run
>>> study = Study(design=Grid(factors={"empathy": "0.2:0.8:7"}), replication=Fixed(replicates=20))
>>> run(study, "results/empathy")  # doctest: +SKIP
>>> results("results/empathy")  # doctest: +SKIP

The names stand in `__init__.pyi`, for people, type checkers and `lazy_loader` alike.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
