"""The tables of the documentation, written from the code they describe."""
