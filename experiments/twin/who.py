"""Columns that say who or where somebody is, known by their names."""

from __future__ import annotations

from itertools import pairwise

from experiments.records.names import plain

__all__ = ["says_who"]

WHO = frozenset(
    {
        "email", "mail", "phone", "telephone", "telefon", "mobile", "ip", "ipaddress", "latitude", "longitude",
        "firstname", "lastname", "surname", "forename", "nachname", "vorname", "address", "adresse", "street",
        "strasse", "zip", "zipcode", "plz", "postcode", "postleitzahl", "mrn", "ssn", "username", "birthday", "dob",
        "geburtstag", "geburtsdatum",
    }
)  # fmt: skip
"""Words in the name of a column that says who or where somebody is."""

WHO_IN_TWO = frozenset(
    {
        "first name", "last name", "full name", "family name", "given name", "client name", "patient name",
        "participant name", "user name", "post code", "postal code", "external reference", "external data",
        "survey identifier", "response id", "medical record", "insurance number", "social security",
    }
)  # fmt: skip
"""The same, of two words."""


def says_who(name: str) -> bool:
    """Whether a column is called what says who or where somebody is: nothing is learned of it, whatever it holds."""
    words = plain(name).split()
    return bool(WHO & set(words)) or any(" ".join(two) in WHO_IN_TWO for two in pairwise(words))
