"""The simulation held against published findings, and the rival mechanisms held against the same."""
