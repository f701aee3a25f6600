"""Outcomes: what is kept of every run of a study, one number a replicate.

Each file declares a few under the name ``MEASURES``, and `experiments.catalogue` finds them there.
Every sum runs over a replicate's own rows in their order, so an outcome has the same bits whichever
replicates it is computed together with, and on every machine.
"""
