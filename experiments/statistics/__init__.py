"""Outcome statistics: what a paper would compute, computed on simulated or real tables.

Every statistic is a pure function of `RunTables` (a contrast: of two) that returns a number, with its
definition and source in its docstring. They read what the instruments *report*; a statistic that
needs a latent state says so. A statistic that the data cannot give is ``nan``; one that needs a
column which is not there raises `MissingColumnError`.

Each file declares its statistics under the name ``MEASURES`` (contrasts: ``CONTRASTS``), and
`experiments.catalogue` finds them there.

Examples
--------
>>> from experiments.catalogue import statistic
>>> tables = RunTables(clients, sessions, therapists)  # doctest: +SKIP
>>> statistic("dropout_rate")(tables, definition="no_recovery")  # doctest: +SKIP
0.61
"""
