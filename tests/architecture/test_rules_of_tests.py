"""The rules every test runs under really bite (tests/conftest.py)."""

import socket
import warnings

import pytest
from django.contrib.contenttypes.models import ContentType
from django.template import Context, Template
from django.template.base import Origin
from django.template.engine import Engine

from records import audit
from records.acts import act, system
from records.models import AuditEvent
from tests.template_variables import UndefinedVariable


def template(text: str, place: str) -> Template:
    return Template(text, origin=Origin(name=place, template_name="some.html"), engine=Engine.get_default())


@act
def write_a_line(*, by) -> None:
    audit.record("test.line", "test:1", by=by)


def test_the_network_is_out_of_reach():
    with socket.socket() as probe, pytest.raises(pytest.fail.Exception, match="reached for the network"):
        probe.connect(("192.0.2.1", 80))


def test_this_machine_is_within_reach():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as probe:
        assert probe.connect_ex(server.getsockname()) == 0


def test_a_warning_fails():
    with pytest.raises(UserWarning):
        warnings.warn("careful", UserWarning, stacklevel=1)


@pytest.mark.parametrize("text", ["{{ missing }}", "{{ known.missing }}", "{{ missing|upper }}"])
def test_an_undefined_variable_in_our_template_fails(settings, text):
    with pytest.raises(UndefinedVariable):
        template(text, f"{settings.BASE_DIR}/templates/some.html").render(Context({"known": {}}))


@pytest.mark.parametrize(
    "text", ['{{ missing|default:"" }}', "{% if missing %}x{% endif %}", "{% for x in missing %}x{% endfor %}"]
)
def test_saying_that_it_may_be_missing_is_fine(settings, text):
    assert template(text, f"{settings.BASE_DIR}/templates/some.html").render(Context()) == ""


def test_templates_of_packages_may(settings):
    assert template("{{ missing }}", "/elsewhere/allauth/some.html").render(Context()) == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_trail_is_flushed_although_its_triggers_refuse(turn):
    write_a_line(by=system("test"))
    assert AuditEvent.objects.filter(verb="test.line").count() == 1
    assert ContentType.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_triggers_are_back_after_the_flush():
    write_a_line(by=system("test"))
    with pytest.raises(Exception, match=r"(?i)append|never|refuse|trail"):
        AuditEvent.objects.all()._raw_delete("default")
