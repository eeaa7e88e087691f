"""Fields of this room's forms: identifiers, and texts and choices named and bounded as their columns are."""

import re
from collections.abc import Callable
from typing import Any

from django import forms

from applications import identifiers
from records.widgets import LongTextField, PlainTextField

EMPTY = [("", "—")]


class IdentifierField(forms.CharField):
    """A number read by one of `identifiers.clean_*`."""

    def __init__(self, clean: Callable[[str], str], **kwargs: Any) -> None:
        self._clean = clean
        kwargs.setdefault("widget", forms.TextInput({"class": "m-short", "autocomplete": "off", "spellcheck": "false"}))
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return self._clean(text)
        except identifiers.BadIdentifier as error:
            raise forms.ValidationError(str(error)) from error


class CodeNumbersField(PlainTextField):
    """Numbers an authority gave. Their digits mean something else: a check digit that happens to agree says nothing."""

    def validate(self, value: Any) -> None:
        super().validate(re.sub(r"\d", "", value or ""))


def label(model: Any, name: str) -> Any:
    return model._meta.get_field(name).verbose_name


def most(model: Any, name: str) -> int | None:
    most: int | None = model._meta.get_field(name).max_length
    return most


def text(model: Any, name: str, **kwargs: Any) -> PlainTextField:
    return PlainTextField(label=label(model, name), max_length=most(model, name), **kwargs)


def long_text(model: Any, name: str, **kwargs: Any) -> LongTextField:
    return LongTextField(label=label(model, name), max_length=most(model, name), **kwargs)


def choice(model: Any, name: str, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label(model, name), choices=[*EMPTY, *choices], **kwargs)
