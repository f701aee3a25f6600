"""What the sweep room shows: an outcome over one or two parameters that sharpens as replicates arrive."""
