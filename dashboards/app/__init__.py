"""The program behind the dashboard: the Solara page, the server, the command."""
