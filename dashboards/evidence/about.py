"""What the simulation is for, what it must not be used for, how to cite it: in the documentation's own words."""

from __future__ import annotations

from functools import cache
from importlib import metadata

from dashboards.evidence.documents import as_html, page, section, sections, words

__all__ = ["citation", "citation_html", "forbidden_html", "limits_html", "purpose_html", "version"]

PROJECT = "alliance-dynamics"
TITLE = "Alliance: an open simulation of the therapeutic alliance, session by session"
FORBIDDEN = "What it must not be used for"
PURPOSE = "What it is for"


@cache
def forbidden_html() -> str:
    """Return what the simulation must not be used for."""
    return as_html(section("limits", FORBIDDEN))


@cache
def purpose_html() -> str:
    """Return what the simulation is for."""
    return as_html(section("limits", PURPOSE))


@cache
def limits_html() -> str:
    """Return the other limits, headings from h3: what the evidence carries, what no data pin down, known gaps.

    What is reproduced is left out: the validation on the same page computes it for the version at hand.
    """
    left_out = {FORBIDDEN, PURPOSE, "What is reproduced"}
    return "\n".join(
        f"<h3>{words(heading)}</h3>{as_html(body, top=4)}"
        for heading, body in sections(page("limits"), 2)
        if heading not in left_out
    )


def version() -> str:
    """Return the version of the installed package; empty in a checkout that is not installed."""
    try:
        return metadata.version(PROJECT)
    except metadata.PackageNotFoundError:
        return ""


def citation() -> str:
    """Return how to cite the version at hand, on one line."""
    number = version()
    version_text = f" (version {number})" if number else ""
    return f"The Alliance contributors. {TITLE}{version_text} [computer software]."


def citation_html() -> str:
    """Return how to cite, as HTML."""
    return (
        f"<p>{words(citation())}</p><p>Cite the version you used, the seed and the parameters you changed,"
        " and the papers behind the findings you rely on. Figures marked as remembered must be checked in the"
        " paper before they are quoted.</p>"
    )
