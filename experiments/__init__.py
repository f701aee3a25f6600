"""What researchers do with the model: studies, evidence, reports and the command line."""
