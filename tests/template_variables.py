"""An undefined variable in one of our own templates fails the test that rendered it.

Django asks `if string_if_invalid:` where it met an undefined variable. The answer is looked up in the callers' frames:
templates of other packages (allauth, the admin, crispy forms) may, and `{{ x|default:"" }}` says it on purpose.
"""

import sys
from types import FrameType
from typing import Any

from django.conf import settings
from django.template.base import FilterExpression, Node

SAID_ON_PURPOSE = {"default", "default_if_none", "yesno"}


class UndefinedVariable(AssertionError):
    """A template named a variable that is not in its context."""


def _template_of(frame: FrameType | None) -> str:
    """The file of the template whose node is being rendered."""
    while frame is not None:
        node: Any = frame.f_locals.get("self")
        origin = getattr(node, "origin", None) if isinstance(node, Node) else None
        if origin is not None:
            return str(origin.name)
        frame = frame.f_back
    return ""


class Undefined(str):
    """The empty text; being asked for its truth by Django's template engine is how it learns that it was used."""

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if frame.f_code.co_name != "resolve" or not isinstance(expression, FilterExpression):
            return False
        if any(function.__name__ in SAID_ON_PURPOSE for function, _arguments in expression.filters[:1]):
            return False
        template = _template_of(frame.f_back)
        if template.startswith(str(settings.BASE_DIR / "templates")):
            raise UndefinedVariable(f"{{{{ {expression.token} }}}} in {template}")
        return False
