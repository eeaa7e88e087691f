"""The commands behind make: what they do on a machine that lacks things, and twice in a row."""

import gettext
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = """# a comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: somewhere.py
msgid "Save and continue"
msgstr "സൂക്ഷിച്ച് തുടരുക"

msgctxt "month"
msgid "May"
msgstr "മേയ്"

#, python-format
msgid "%(n)s file"
msgid_plural "%(n)s files"
msgstr[0] "%(n)s ഫയൽ"
msgstr[1] "%(n)s ഫയലുകൾ"

msgid ""
"in two "
"pieces"
msgstr ""
"രണ്ട് "
"ഭാഗം\\n\\"ഇവിടെ\\""

#, fuzzy
msgid "Guessed"
msgstr "ഊഹം"

msgid "Not yet"
msgstr ""

#~ msgid "Gone"
#~ msgstr "പോയി"
"""


def command(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=ROOT, env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True, timeout=120
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def catalogue(tmp_path):
    source = tmp_path / "locale" / "ml" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE)
    return source


def test_messages_are_compiled_without_gettext(catalogue):
    done = command(sys.executable, "bin/compile-messages", str(catalogue.parents[2]))
    assert (done.returncode, done.stdout) == (0, "Compiled locale/ml/LC_MESSAGES/django.po: 4 messages.\n")
    with catalogue.with_suffix(".mo").open("rb") as file:
        ml = gettext.GNUTranslations(file)
    assert ml.gettext("Save and continue") == "സൂക്ഷിച്ച് തുടരുക"
    assert ml.pgettext("month", "May") == "മേയ്"
    assert [ml.ngettext("%(n)s file", "%(n)s files", n) for n in (1, 2)] == ["%(n)s ഫയൽ", "%(n)s ഫയലുകൾ"]
    assert ml.gettext("in two pieces") == 'രണ്ട് ഭാഗം\n"ഇവിടെ"'
    assert [ml.gettext(text) for text in ("Guessed", "Not yet", "Gone")] == ["Guessed", "Not yet", "Gone"]


def test_messages_are_compiled_only_when_they_changed(catalogue):
    folder = str(catalogue.parents[2])
    command(sys.executable, "bin/compile-messages", folder)
    assert command(sys.executable, "bin/compile-messages", folder).stdout == ""
    os.utime(catalogue, (time.time() + 5, time.time() + 5))
    assert "Compiled" in command(sys.executable, "bin/compile-messages", folder).stdout


def test_a_broken_catalogue_names_its_line(catalogue):
    catalogue.write_text('msgid "a"\nnonsense\n')
    done = command(sys.executable, "bin/compile-messages", str(catalogue.parents[2]))
    assert done.returncode == 1
    assert "line 2: nonsense" in done.stderr


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a number from 1 to 65535, not 'http'."),
        ({"PORT": "70000"}, "PORT must be a number from 1 to 65535, not '70000'."),
        ({"HOST": "not a host"}, "HOST is not an address of this machine: not a host"),
    ],
)
def test_a_wrong_port_or_host_is_one_sentence(tmp_path, env, sentence):
    done = command(sys.executable, "bin/portal", "check", DATA_DIR=str(tmp_path), **env)
    assert (done.returncode, done.stderr) == (1, sentence + "\n")


def test_a_busy_port_is_one_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = command(sys.executable, "bin/portal", "check", DATA_DIR=str(tmp_path), PORT=str(port))
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is used by another program. Choose another: make run PORT={port + 1}\n"


def test_stopping_what_does_not_run_says_so(tmp_path):
    done = command(sys.executable, "bin/portal", "stop", DATA_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "The portal is not running.\n")


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until(condition, seconds: float, log: Path) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


def kill_the_web_process(data: Path) -> None:
    """As a machine short of memory would: the process that answers pages, at once."""
    supervisor = (data / "portal.pid").read_text().split()[0]
    for child in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
        if b"gunicorn" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(int(child), signal.SIGKILL)


@pytest.mark.browser  # a live portal, like the browser's: once is enough
def test_run_starts_says_when_it_runs_already_and_stops(tmp_path):
    port, log = free_port(), tmp_path / "log"
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), "PORT": str(port)}
    portal = [sys.executable, "bin/portal"]
    with log.open("w") as out:
        running = subprocess.Popen([*portal, "run"], cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        wait_until(lambda: f"http://localhost:{port}/" in log.read_text(), 90, log)
        assert answers(port)
        kill_the_web_process(tmp_path / "data")
        wait_until(lambda: "it is started again" in log.read_text() and answers(port), 30, log)
        second = command(*portal, "check", **env)
        assert second.returncode == 1
        assert second.stderr == (
            f"The portal is already running at http://localhost:{port}/ (process {running.pid}). To stop it: make stop\n"
        )
        assert command(*portal, "stop", **env).stdout == f"Stopped the portal at http://localhost:{port}/.\n"
        assert running.wait(10) == 0
        assert not answers(port)
        assert command(*portal, "check", **env).returncode == 0
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def test_services_takes_down_only_what_it_started(tmp_path):
    done = command("bin/services", "stop", str(tmp_path))
    assert done.returncode == 2
    assert tmp_path.exists()


def test_tests_refuse_a_database_that_is_not_named_for_them():
    done = command(sys.executable, "-m", "pytest", "--markers", DATABASE_URL="postgres://portal@db/portal")
    assert done.returncode == 1
    assert "Unset DATABASE_URL, or call it TEST_DATABASE_URL." in done.stderr


def test_make_alone_lists_every_command():
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^(\w+):", text, re.MULTILINE)) - {"help"}
    listed = set(re.findall(r"make (\w+)", command("make").stdout))
    assert targets == listed
