"""Other models of the dyad: plug-ins for the same clinic, and published ones that come with it."""
