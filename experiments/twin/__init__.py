"""A twin of somebody's records: simulated clients in their columns, to be shared where the records cannot be.

What is learned from the records are numbers about groups alone: the parameters of the simulated clinic, and margins
in which no number rests on fewer than five clients (`experiments.twin.margins`). No row of the records is resampled.
That is still no guarantee of anonymity, so every twin is attacked before it is written (`experiments.twin.privacy`).
"""
