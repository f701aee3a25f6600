"""What results say: estimates, main effects, sensitivity, scenario discovery, the summary of a run."""
