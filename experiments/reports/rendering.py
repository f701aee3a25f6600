"""HTML documents from the templates beside the code, everything in them escaped.

A package that has documents has a folder ``templates``. Styles are included from ``.css`` files there, so that a
document loads nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render"]


def render(package: str, template: str, **values: object) -> str:
    """Return a document.

    Parameters
    ----------
    package
        Name of the package whose templates to use.
    template
        File name of the template.
    **values
        What it shows. Text is escaped, `markupsafe.Markup` is not.
    """
    return _environment(package).get_template(template).render(values)


@cache
def _environment(package: str) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["one_line"] = _one_line
    return environment


def _one_line(text: str) -> str:
    return " ".join(text.split())
