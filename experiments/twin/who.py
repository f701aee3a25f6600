"""Columns that say who or where somebody is, known by their names."""

from __future__ import annotations

import re
from itertools import pairwise

from experiments.records.names import plain

__all__ = ["GROUPS", "says_who"]

GROUPS = frozenset({"redcap data access group", "data access group"})
"""Columns of words that name a clinic or a team; they get new names, as sites do."""

WHOLE = frozenset({"contact", "initials", "kontakt", "name", "names", "namen", "ort", "stadt"})  # fmt: skip
"""Names of columns that say who or where somebody is, though as a word of a longer name they may not."""

WHO = frozenset(
    {
        # Names.
        "firstname", "lastname", "middlename", "fullname", "nickname", "surname", "forename", "username",
        "maidenname", "nachname", "vorname", "zuname", "rufname", "spitzname", "familienname", "geburtsname",
        "klientenname", "patientenname", "clientname", "patientname", "initialen", "kuerzel",
        # Ways to reach somebody.
        "email", "emails", "mail", "emailadresse", "mailadresse", "phone", "phonenumber", "telephone", "cellphone",
        "smartphone", "tel", "telefon", "telefonnummer", "telefonnr", "mobile", "mobil", "mobilnummer", "handy",
        "handynummer", "handynr", "fax", "faxnummer", "skype", "whatsapp", "facebook", "instagram", "linkedin", "url",
        "homepage", "kontaktdaten", "kontaktperson", "notfallkontakt", "ip", "ipaddress", "ipadresse",
        # Places.
        "address", "addresses", "adresse", "anschrift", "street", "strasse", "hausnummer", "zip", "zipcode", "plz",
        "postcode", "postleitzahl", "city", "town", "village", "hometown", "wohnort", "gemeinde", "geburtsort",
        "birthplace", "latitude", "longitude", "lat", "lon", "lng", "gps", "geolocation", "breitengrad",
        "laengengrad", "employer", "arbeitgeber",
        # Days.
        "birthday", "birthdate", "dob", "geburtstag", "geburtsdatum", "gebdatum", "gebdat",
        # Numbers that offices, insurers and hospitals give.
        "mrn", "ssn", "nino", "iban", "passport", "reisepass", "ausweisnummer", "aktenzeichen", "fallnummer",
        "patientennummer", "versichertennummer", "versichertennr", "versicherungsnummer", "kvnr", "svnr",
        "sozialversicherungsnummer", "steuernummer", "kontonummer", "userid",
    }
)  # fmt: skip
"""Words in the name of a column that says who or where somebody is."""

WHO_IN_TWO = frozenset(
    {
        "user name", "user id", "your name", "ihr name", "post code", "postal code", "birth date", "date birth",
        "place birth", "birth place", "geb datum", "external reference", "external data", "survey identifier",
        "response id", "medical record", "hospital number", "nhs number", "health number", "chart number",
        "insurance number", "insurance id", "social security", "national id", "id card", "account number",
        "driver license", "driving licence", "license plate", "device id", "contact details", "emergency contact",
        "steuer id",
    }
)  # fmt: skip
"""The same, of two words, without what stands between them."""

WHOSE = frozenset(
    {
        "first", "middle", "last", "full", "family", "given", "maiden", "legal", "birth", "preferred", "nick",
        "client", "clients", "patient", "patients", "participant", "participants", "person", "persons", "proband",
        "respondent", "subject", "student", "child", "parent", "mother", "father", "spouse", "partner", "guardian",
        "carer", "caregiver", "therapist", "therapists", "counsellor", "counselor", "clinician", "supervisor",
        "interviewer", "rater", "doctor", "physician", "gp", "recipient", "contact", "vor", "nach", "klient",
        "klientin", "patientin", "therapeut", "therapeutin", "kind", "mutter", "vater", "arzt", "aerztin",
    }
)  # fmt: skip
"""Words beside which ``name`` is that of a person; that of a medicine says nothing about anybody."""

BETWEEN = frozenset({"and", "der", "des", "of", "s", "the", "und"})


def says_who(name: str) -> bool:
    """Whether a column is called what says who or where somebody is: nothing is learned of it, whatever it holds.

    A number at the end of a word, as in ``phone2``, makes no difference.
    """
    words = [one for one in re.findall(r"[a-z]+", plain(name)) if one not in BETWEEN]
    return (
        " ".join(words) in WHOLE
        or bool(WHO & set(words))
        or any(
            " ".join(two) in WHO_IN_TWO or ("name" in two and bool(WHOSE & set(two)))
            for two in pairwise(words)
        )
    )
