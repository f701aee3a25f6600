"""The folder of a study: its files, written whole or not at all, and their export."""
