"""Guided lessons: a question, a prediction, a run, and what the run bears out."""
