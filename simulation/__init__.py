"""The model: what happens between therapists and clients, session by session."""
