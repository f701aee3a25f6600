"""What a page shows, and its address."""
