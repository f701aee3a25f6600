"""What the compare room shows: two settings under the same random numbers."""
