"""Audition of an analysis: how somebody's own script fares on simulated studies whose truth is known."""
