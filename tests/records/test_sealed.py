"""Sealed columns: what lies in the database opens only in its own row and column, with a key of the ring."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from mission1000 import settings as portal
from records import sealed
from records.sealed import CannotOpen, LookupKeyField, SealedCharField, SealedModel, key_of, mask, open_text, seal_text

PAN, OTHER = "ABCPD1234E", "AAACA0000A"
FIRST, SECOND = "k1:" + "a" * 40, "k2:" + "b" * 40


@pytest.fixture(autouse=True)
def ring(settings) -> None:
    settings.KEY_RING = FIRST


@pytest.fixture
def vault(db) -> Any:
    """A table with two sealed columns."""
    with isolate_apps("records"):

        class Vault(SealedModel):
            pan = SealedCharField(blank=True)
            mobile = SealedCharField(blank=True)
            pan_key = LookupKeyField(of="pan")

            class Meta:
                app_label = "records"
                db_table = "tests_vault"

    key = "integer PRIMARY KEY AUTOINCREMENT" if connection.vendor == "sqlite" else "serial PRIMARY KEY"
    uuid = "char(32)" if connection.vendor == "sqlite" else "uuid"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE tests_vault (id {key}, seal_id {uuid}, pan text, mobile text, pan_key varchar(64))"
        )
    return Vault


def stored(vault: type[models.Model], pk: int) -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pan, mobile, pan_key FROM tests_vault WHERE id = %s", [pk])
        return cursor.fetchone()


@given(text=st.text(min_size=1), context=st.text())
def test_a_text_comes_back_under_its_own_context(text, context):
    try:
        text.encode()
        context.encode()
    except UnicodeEncodeError:
        return
    assert open_text(context, seal_text(context, text)) == text


def test_sealing_twice_gives_two_texts_that_do_not_show_they_are_alike():
    first, second = seal_text("t.c.1", PAN), seal_text("t.c.1", PAN)
    assert first != second
    assert PAN not in first


def test_a_text_opens_nowhere_else_and_not_after_a_change():
    text = seal_text("t.pan.1", PAN)
    body = bytearray(urlsafe_b64decode(text.split(".")[2]))
    body[-1] ^= 1
    changed = ".".join([*text.split(".")[:2], urlsafe_b64encode(bytes(body)).decode()])
    wrong = [("t.pan.2", text), ("t.mobile.1", text), ("t.pan.1", changed), ("t.pan.1", text.replace("s1", "s2"))]
    for context, attempt in [*wrong, ("t.pan.1", ""), ("t.pan.1", "s1.k1."), ("t.pan.1", "s1.k1.é"), ("t.pan.1", PAN)]:
        with pytest.raises(CannotOpen):
            open_text(context, attempt)


def test_a_new_key_seals_and_the_old_one_still_opens(settings):
    old = seal_text("t.c.1", PAN)
    key = key_of(PAN)
    settings.KEY_RING = f"{SECOND}, {FIRST}"
    new = seal_text("t.c.1", PAN)
    assert (old.split(".")[1], new.split(".")[1]) == ("k1", "k2")
    assert (open_text("t.c.1", old), open_text("t.c.1", new)) == (PAN, PAN)
    assert key_of(PAN) == key
    settings.KEY_RING = SECOND
    assert open_text("t.c.1", new) == PAN
    with pytest.raises(CannotOpen):
        open_text("t.c.1", old)


def test_another_key_under_the_same_name_opens_nothing(settings):
    text = seal_text("t.c.1", PAN)
    settings.KEY_RING = "k1:" + "c" * 40
    with pytest.raises(CannotOpen):
        open_text("t.c.1", text)


def test_the_lookup_key_does_not_mind_case_and_space_and_is_not_a_plain_hash(settings):
    assert key_of(f" {PAN.lower()} ") == key_of(PAN) != key_of(OTHER)
    assert (key_of(""), len(key_of(PAN))) == ("", 64)
    before = key_of(PAN)
    settings.KEY_RING = SECOND
    assert key_of(PAN) != before


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("ABCPD1234E", "••••••234E"),
        ("123456789", "•••••6789"),
        ("1234", "••34"),
        ("7", "•"),
        ("12345", "•••45"),
    ],
)
def test_a_mask_shows_the_end_and_never_more_than_half(text, shown):
    assert mask(text) == shown


def test_the_database_holds_no_plain_text(vault):
    row = vault.objects.create(pan=PAN, mobile="9847012345")
    pan, mobile, key = stored(vault, row.pk)
    assert (pan.startswith("s1.k1."), mobile.startswith("s1.k1."), key) == (True, True, key_of(PAN))
    assert not {PAN, "9847012345"} & {pan, mobile, key}
    assert row.pan == PAN
    again = vault.objects.get()
    assert (again.pan, again.mobile) == (PAN, "9847012345")


def test_moved_to_another_row_or_column_it_does_not_open(vault):
    one, two = vault.objects.create(pan=PAN, mobile="9847012345"), vault.objects.create(pan=OTHER)
    pan, mobile, _key = stored(vault, one.pk)
    for target, column, text in ((two, "pan", pan), (one, "pan", mobile)):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE tests_vault SET {column} = %s WHERE id = %s", [text, target.pk])
        with pytest.raises(CannotOpen):
            _ = vault.objects.get(pk=target.pk).pan


def test_a_row_is_found_by_its_key_and_never_by_its_text(vault):
    row = vault.objects.create(pan=PAN)
    vault.objects.create(pan="")
    assert vault.objects.get(pan_key=key_of(PAN.lower())) == row
    with pytest.raises(ValueError, match="searched by its keyed hash"):
        vault.objects.filter(pan=PAN).first()
    with pytest.raises(ValueError, match="written through its row"):
        vault.objects.update(pan=PAN)


def test_lists_that_do_not_show_it_never_open_it(vault, monkeypatch):
    for text in (PAN, OTHER):
        vault.objects.create(pan=text)
    opened = []
    real = sealed.open_text
    monkeypatch.setattr(sealed, "open_text", lambda *words: opened.append(words) or real(*words))
    rows = list(vault.objects.order_by("pk"))
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    assert opened == []
    assert [rows[0].pan, rows[0].pan] == [PAN, PAN]
    assert len(opened) == 1


def test_saving_a_row_that_was_not_opened_keeps_what_is_sealed(vault):
    row = vault.objects.create(pan=PAN)
    before = stored(vault, row.pk)[0]
    fetched = vault.objects.defer("pan").get()
    fetched.mobile = "9847012345"
    fetched.save()
    assert vault.objects.get().pan == PAN
    closed = vault.objects.get()
    closed.save()
    assert stored(vault, row.pk)[0] == before
    assert stored(vault, row.pk)[2] == key_of(PAN)


def test_a_changed_text_changes_its_key_and_an_emptied_one_loses_it(vault):
    row = vault.objects.create(pan=PAN)
    row.pan = OTHER
    row.save()
    assert stored(vault, row.pk)[2] == key_of(OTHER)
    row.pan = ""
    row.save()
    assert stored(vault, row.pk)[::2] == ("", "")


def test_secrets_made_by_the_portal_are_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(portal, "DATA_DIR", tmp_path / "data")
    monkeypatch.delenv("KEY_RING", raising=False)
    made = {name: portal._kept_secret(name) for name in ("KEY_RING", "SECRET_KEY")}
    assert {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()} == {
        "key_ring": 0o600,
        "secret_key": 0o600,
    }
    assert {name: portal._kept_secret(name) for name in made} == made
    assert made["KEY_RING"].startswith("k1:")
    assert len(made["KEY_RING"]) > 40
    assert os.environ.get("KEY_RING") is None
