"""Published models of the dyad, one a file; each names the class of its settings `SETTING`."""
