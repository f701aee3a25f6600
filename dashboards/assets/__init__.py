"""The browser's half of the dashboard: style, scripts and the modules of the widgets."""
