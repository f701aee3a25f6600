"""What the sweep room shows: an outcome over one or two parameters that gets better as replicates arrive."""
