"""The rooms of the dashboard: one module a room, with components only; what can be computed apart lives elsewhere."""
