"""What students and educators see of the model."""
