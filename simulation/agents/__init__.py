"""The model as Mesa agents: clients and therapists, the clinic as a Mesa model, its tables."""
