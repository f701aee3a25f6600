"""The tables of a run, or of a real service, as measures and statistics read them."""
