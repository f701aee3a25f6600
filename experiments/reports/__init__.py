"""Every page and terminal table."""
