"""Running a study: plan, tasks, executors, provenance, verification."""
