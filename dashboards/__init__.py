"""What students and teachers see of the model."""
