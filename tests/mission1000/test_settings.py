"""The settings as a process of its own meets them: production refuses what is unsafe, all at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mission1000.env import Environment

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "PRODUCTION": "True",
    "SECRET_KEY": "s" * 50,
    "KEY_RING": "k2:" + "r" * 40 + ",k1:" + "q" * 40,
    "ALLOWED_HOSTS": "portal.example",
    "SITE_URL": "https://portal.example",
    "DATABASE_URL": "postgres://portal:secret@db/portal",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://mailer:secret@smtp.example:587",
    "SCANNER": "off",
}


def load(values: dict[str, str], code: str = "") -> subprocess.CompletedProcess[str]:
    """Import the settings in a fresh process with exactly these names set."""
    return subprocess.run(
        [sys.executable, "-c", f"from mission1000 import settings\n{code}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": os.environ["DATA_DIR"], **values},
        capture_output=True,
        text=True,
    )


def test_production_starts_when_everything_is_safe():
    code = (
        "print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT,"
        " settings.SECURE_HSTS_SECONDS > 30000000, settings.DEMO_ALLOWED, settings.DEBUG, settings.EMAIL_HOST,"
        " settings.EMAIL_USE_TLS, settings.EMAIL_BACKEND)"
    )
    done = load(SAFE, code)
    assert (done.stdout, done.stderr) == (
        "True True True True False False smtp.example True django.core.mail.backends.smtp.EmailBackend\n",
        "",
    )


def test_production_lists_everything_that_is_missing_at_once():
    done = load({"PRODUCTION": "True"})
    assert done.returncode == 1
    for name in set(SAFE) - {"PRODUCTION"}:
        assert f"  - {name} is missing" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY must have 32 characters or more"),
        ("KEY_RING", "k1:short", "KEY_RING must be id:secret,id:secret with 32 characters or more in each secret"),
        ("KEY_RING", "r" * 40, "KEY_RING must be id:secret,id:secret with 32 characters or more in each secret"),
        ("KEY_RING", "k1:" + "s" * 50, "KEY_RING must not repeat SECRET_KEY"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name the site's hosts, without *"),
        ("ALLOWED_HOSTS", "other.example", "ALLOWED_HOSTS must hold the host of SITE_URL"),
        ("SITE_URL", "http://portal.example", "SITE_URL must begin with https://"),
        ("DATABASE_URL", "sqlite:///portal.sqlite3", "DATABASE_URL must be a PostgreSQL database"),
        ("REDIS_URL", "memory://", "REDIS_URL must be a Redis server"),
        ("EMAIL_URL", "consolemail://", "EMAIL_URL must begin with smtp://, smtp+tls:// or smtp+ssl://"),
        ("SCANNER", "clamd", "SCANNER must be tcp://host:port or unix:///path of clamd, or off"),
        ("EMBED", "True", "EMBED must be False"),
        ("TRUSTED_PROXY", "nginx", "TRUSTED_PROXY must be addresses or networks, not 'nginx'"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR"),
        ("PRODUCTION", "yes", "PRODUCTION must be True or False, not 'yes'"),
    ],
)
def test_production_refuses_what_is_unsafe(name, value, sentence):
    done = load(SAFE | {name: value})
    assert done.returncode == 1
    assert f"  - {sentence}" in done.stderr
    assert done.stderr.count("  - ") == 1


def test_the_demonstration_is_only_for_this_machine():
    code = "print(settings.DEMO_ALLOWED)"
    assert load({}, code).stdout == "True\n"
    assert load({"HOST": "0.0.0.0"}, code).stdout == "False\n"


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path):
    code = "print(settings.SECRET_KEY, settings.KEY_RING)"
    first = load({"DATA_DIR": str(tmp_path)}, code)
    assert first.returncode == 0, first.stderr
    assert load({"DATA_DIR": str(tmp_path)}, code).stdout == first.stdout
    for name in ("secret_key", "key_ring"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert len(first.stdout.split()[0]) >= 50


def test_the_data_folder_does_not_depend_on_where_a_command_is_called():
    code = "print(settings.DATA_DIR)"
    assert load({"DATA_DIR": ""}, code).stdout == f"{ROOT}/var\n"


def test_the_environment_reads_types():
    env = Environment({"A": "True", "B": "12", "C": "x, y", "D": " text "})
    assert env.flag("A", default=False) is True
    assert env.flag("none", default=True) is True
    assert env.number("B", 0) == 12
    assert env.words("C") == ["x", "y"]
    assert env.text("D") == "text"
    env.check()


def test_the_environment_collects_its_problems():
    env = Environment({"FLAG": "1", "NUMBER": "-3"})
    env.flag("FLAG", default=False)
    env.number("NUMBER", 5)
    env.text("TEXT")
    env.insist("TEXT", condition=False, problem="must be long")
    with pytest.raises(SystemExit) as raised:
        env.check()
    assert str(raised.value).splitlines()[1:-1] == [
        "  - FLAG must be True or False, not '1'",
        "  - NUMBER must be a whole number, not '-3'",
        "  - TEXT is missing",
    ]
