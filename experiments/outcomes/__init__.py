"""What is measured in every run of a study."""
