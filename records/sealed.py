"""Sealed columns: encrypted at rest, bound to their row and column, found again by a keyed hash.

The key ring is "id:secret,id:secret": the first seals, all open, so that a key can be retired without a standstill.
"""

import hashlib
import hmac
import os
import re
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

PREFIX = "s1"
TEXT = re.compile(rf"{PREFIX}\.[^.\s\"']+\.[\w=-]+")  # a sealed text, also inside others


class CannotOpen(Exception):
    """The text was sealed for another row or column, with another key, or was changed."""


@lru_cache(maxsize=4)
def _ring(text: str) -> dict[str, bytes]:
    pairs = (entry.strip().split(":", 1) for entry in text.split(",") if entry.strip())
    return {name: hashlib.sha256(b"seal:" + secret.encode()).digest() for name, secret in pairs}


def ring() -> dict[str, bytes]:
    """The keys by name, the sealing one first."""
    return _ring(settings.KEY_RING)


def seal_text(context: str, text: str) -> str:
    """Seal `text` so that it opens only under the same `context`."""
    name, key = next(iter(ring().items()))
    nonce = os.urandom(12)
    body = AESGCM(key).encrypt(nonce, text.encode(), f"{PREFIX}|{name}|{context}".encode())
    return f"{PREFIX}.{name}.{urlsafe_b64encode(nonce + body).decode()}"


def open_text(context: str, sealed: str) -> str:
    """The text again. Raises CannotOpen."""
    try:
        prefix, name, body = sealed.split(".", 2)
        raw = urlsafe_b64decode(body)
        key = ring()[name]
        return AESGCM(key).decrypt(raw[:12], raw[12:], f"{prefix}|{name}|{context}".encode()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise CannotOpen(context) from error


def key_of(text: str) -> str:
    """The keyed hash under which a sealed value is found. Made with the oldest key, so that it outlives a rotation."""
    secret = list(ring().values())[-1]
    return hmac.new(secret, text.strip().upper().encode(), hashlib.sha256).hexdigest() if text else ""


def check_of(name: str, salt: str) -> str:
    """A keyed hash by which a key is known to be the right one; it tells nothing of the key. Raises KeyError."""
    return hmac.new(ring()[name], f"check:{name}:{salt}".encode(), hashlib.sha256).hexdigest()


_elsewhere: set[tuple[str, str, str]] = set()


def also_sealed(table: str, column: str, context: str) -> None:
    """Say of a column that is no SealedCharField that sealed texts stand in it, all with one context: for backups."""
    _elsewhere.add((table, column, context))


def sealed_elsewhere() -> list[tuple[str, str, str]]:
    """Table, column and context of each that was said."""
    return sorted(_elsewhere)


def mask(text: str, keep: int = 4) -> str:
    """All but the last `keep` characters as dots; of a short text at least half."""
    shown = min(keep, len(text) // 2)
    return "•" * (len(text) - shown) + text[len(text) - shown :]


class SealedModel(models.Model):
    """A row with sealed columns; `seal_id` is what they are bound to."""

    seal_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    class Meta:
        abstract = True


class _Ciphertext(str):
    """Text as the database holds it, not yet opened."""

    __slots__ = ()


class _Opening:
    """Opens the column when it is read, not when the row is fetched: lists that do not show it never decrypt."""

    def __init__(self, field: "SealedCharField") -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, _Ciphertext):
            value = open_text(self.field.context(instance), value)
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedCharField(models.TextField):
    """Text sealed with AES-GCM, bound to table, column and the row's `seal_id`."""

    descriptor_class = _Opening

    def context(self, instance: Any) -> str:
        """What the ciphertext is bound to."""
        return f"{self.model._meta.db_table}.{self.column}.{instance.seal_id}"

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> Any:
        return _Ciphertext(value) if value else value

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname) or ""
        if not value or isinstance(value, _Ciphertext):
            return value
        return _Ciphertext(seal_text(self.context(model_instance), value))

    def get_prep_value(self, value: Any) -> Any:
        if value and not isinstance(value, _Ciphertext):
            raise ValueError("A sealed column is written through its row and searched by its keyed hash.")
        return value

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opening(self))


class LookupKeyField(models.CharField):
    """The keyed hash of the sealed column `of`, kept in step when the row is saved."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("db_index", True)
        kwargs.setdefault("editable", False)
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: Any, add: bool) -> str:
        value = key_of(getattr(model_instance, self.of) or "")
        setattr(model_instance, self.attname, value)
        return value
