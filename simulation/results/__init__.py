"""What a run returns, what it was made with, and how both are written to a folder."""
