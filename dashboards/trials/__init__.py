"""Simulated trials: power while it becomes better known, and one trial opened."""
