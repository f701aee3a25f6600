"""The documentation site: what is gathered, what is written from the code, what is checked afterwards."""
