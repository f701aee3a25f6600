"""How many clients or therapists a trial needs, from trials that are simulated."""
