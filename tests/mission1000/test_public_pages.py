"""Pages without sign-in, in both languages, and every link on them."""

import re

import pytest
from django.test import Client

from applications import notice
from districts.models import District
from mission1000.questions import QUESTIONS
from tests.mission1000.conftest import text_of

PAGES = (
    "/", "/scheme/", "/scheme/papers/", "/check/", "/faq/", "/districts/", "/districts/EKM/", "/verify/", "/privacy/",
    "/accessibility/", "/sitemap/", "/accounts/login/", "/accounts/signup/",
)  # fmt: skip
OWN = ("/scheme/", "/scheme/papers/", "/faq/", "/privacy/", "/accessibility/", "/sitemap/")
LINK = re.compile(r'<a [^>]*href="([^"]+)"')
IDS = re.compile(r'\bid="([^"]+)"')


def visitor(language: str) -> Client:
    client = Client()
    client.cookies["django_language"] = language
    return client


@pytest.mark.parametrize("language", ["en", "ml"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_its_language(reference, address, language):
    answer = visitor(language).get(address)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in text_of(answer)


@pytest.mark.parametrize("language", ["en", "ml"])
def test_no_link_of_a_public_page_is_broken(reference, language):
    client, seen, waiting, broken = visitor(language), set(), ["/sitemap/"], []
    while waiting:
        address = waiting.pop()
        if address in seen or not address.startswith("/") or address.startswith("/static/"):
            continue
        seen.add(address)
        answer = client.get(address)
        if answer.status_code >= 400:
            broken.append((address, answer.status_code))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            page = text_of(answer)
            links = LINK.findall(page)
            broken += [(address, link) for link in links if link[0] == "#" and link[1:] not in IDS.findall(page)]
            waiting += [link.partition("#")[0] for link in links]
    assert broken == []
    assert set(PAGES) - {"/districts/EKM/"} <= seen


@pytest.mark.parametrize("address", OWN)
def test_a_page_is_only_read(reference, client, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", OWN)
def test_a_page_works_on_an_empty_portal(db, client, address):
    assert client.get(address).status_code == 200


def test_the_site_map_names_every_district(reference, client):
    page = text_of(client.get("/sitemap/"))
    for district in District.objects.all():
        assert f'<a href="/districts/{district.code}/">{district.name_en}</a>' in page


def test_the_privacy_page_is_the_notice_with_its_version(reference, client):
    page = text_of(client.get("/privacy/"))
    assert notice.VERSION in page
    for title, words in notice.ITEMS:
        assert str(title) in page
        assert str(words) in page


def test_every_question_has_an_anchor_and_an_answer(reference, client):
    page = text_of(client.get("/faq/"))
    assert len(QUESTIONS) >= 12
    assert len({question.key for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert f'<h2 id="{question.key}">{question.asked}</h2>' in page
        assert all(str(paragraph) in page for paragraph in question.answer)
