"""The program ``alliance``."""
