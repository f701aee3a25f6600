"""The simulation beside published findings, and the rival mechanisms beside the same."""
