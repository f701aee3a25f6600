"""What charts show, as frozen values."""
