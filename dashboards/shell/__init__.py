"""The frame around every room: header, panel of settings, sharing, state of a browser session."""
