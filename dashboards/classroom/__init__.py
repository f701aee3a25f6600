"""A class on one server: what was predicted, and a small clinic for each student."""
