"""The clinic in plain Python: neither Mesa nor compiled code, and the same bits as both."""
