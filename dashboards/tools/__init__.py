"""Tools for developers: load measurement and screenshots. Not part of the wheel."""
