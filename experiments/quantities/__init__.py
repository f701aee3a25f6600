"""Numbers as people read them: an estimate and how sure it is."""
