"""What the clinic and compare rooms show: finished runs shared by all, pictures of a clinic, comparisons."""
