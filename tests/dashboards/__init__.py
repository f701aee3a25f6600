"""The dashboard says what the model says."""
