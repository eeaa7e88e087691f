"""The page in place of the proxy's own where more was sent than it passes on."""

import pytest
from django.test import Client

from tests.mission1000.conftest import text_of

WORDS = {
    "en": "One document may have 10 MB. A visit may have 10 photographs of 10 MB each.",
    "ml": "ഒരു രേഖ 10 MB വരെയാകാം.",
}


@pytest.mark.parametrize("language", WORDS)
def test_it_says_what_is_too_large_in_both_languages_the_readers_first(db, client: Client, language: str):
    client.cookies["django_language"] = language
    answer = client.get("/too-large/", headers={"referer": "http://testserver/desk/M1K-3-EKM-00001/visits/new/"})
    page = text_of(answer)
    first, second = sorted(WORDS.values(), key=lambda words: words != WORDS[language])
    assert answer.status_code == 413
    assert 0 < page.index(first) < page.index(second)
    assert 'href="http://testserver/desk/M1K-3-EKM-00001/visits/new/"' in page
    assert "data-not-received" in page  # static/js/keep.js keeps what was typed until its page is open again


def test_it_leads_to_no_other_site(db, client: Client):
    page = text_of(client.get("/too-large/", headers={"referer": "https://elsewhere.example/"}))
    assert "elsewhere.example" not in page
