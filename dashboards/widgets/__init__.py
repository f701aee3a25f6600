"""The few widgets of our own: charts, controls made from tables, and the address bar."""
