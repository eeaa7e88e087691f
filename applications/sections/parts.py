"""What a section is made of: what it lacks, and how it reads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application


@dataclass(frozen=True)
class Todo:
    """One thing that is missing: where, which field, and the sentence that says what to do.

    `typed`: something stands there but does not agree; whoever saves it is told at once.
    """

    section: str
    field: str
    sentence: str
    typed: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of a section, as they are read."""

    heading: str
    columns: list[str]
    rows: list[list[str]]


@dataclass
class Facts:
    """A section as it is read: single facts, then tables."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """One page of the form."""

    key: str
    title: Any
    intro: Any
    missing: Callable[[Application], list[Todo]]
    facts: Callable[[Application], Facts]


def one(file: Application, name: str) -> Any:
    """The section's row, or an empty one where nothing was saved yet."""
    related: Any = file._meta.get_field(name).related_model
    return getattr(file, name, None) or related(application=file)


def asked(row: Any, section: str, names: tuple[str, ...]) -> list[Todo]:
    """A sentence for each field of `names` that is empty."""
    found = []
    for name in names:
        if getattr(row, name) in ("", None):
            label = row._meta.get_field(name).verbose_name
            found.append(Todo(section, name, _("Fill in: %(field)s.") % {"field": label}))
    return found


def pair(row: Any, name: str, value: str = "") -> tuple[str, str]:
    show = getattr(row, f"get_{name}_display", None)
    text = value or (str(show()) if show else str(getattr(row, name) or ""))
    return str(row._meta.get_field(name).verbose_name), text


def head(model: Any, *names: str) -> list[str]:
    return [str(model._meta.get_field(name).verbose_name) for name in names]


def yes_no(value: bool | None) -> str:
    return "" if value is None else _("Yes") if value else _("No")
