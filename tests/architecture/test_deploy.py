"""docker-compose.yml, Dockerfile and .env.example describe the portal that is really here."""

import ast
import importlib.util
import itertools
import re
import tomllib

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.urls import reverse

from applications.reference import KINDS
from evaluation.rules.visits import MOST_PHOTOGRAPHS
from records.files import LIMIT_MB
from tests.architecture.tree import ROOT, tree

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
ONLY_FOR_COMPOSE = {"POSTGRES_PASSWORD"}


def named_in_example() -> list[str]:
    return re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def read_by_the_portal() -> set[str]:
    """Every name that settings.py and gunicorn.conf.py ask the environment for."""
    names = set()
    for file in ("mission1000/settings.py", "gunicorn.conf.py"):
        for node in ast.walk(tree(ROOT / file)):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            asks = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "env"
            keeps = isinstance(node.func, ast.Name) and node.func.id == "_kept_secret"
            if (asks and node.func.attr != "insist") or keeps:
                names.add(node.args[0].value)
    return names


def test_every_name_is_in_the_example_and_read_by_the_portal():
    names = named_in_example()
    assert len(names) == len(set(names))
    assert set(names) - ONLY_FOR_COMPOSE == read_by_the_portal()


def test_every_name_in_the_example_is_explained():
    lines = (ROOT / ".env.example").read_text().splitlines()
    bare = [
        line
        for before, line in itertools.pairwise(lines)
        if re.match(r"[A-Z_]+=", line) and not before.startswith("#") and not re.match(r"[A-Z_]+=", before)
    ]
    assert bare == []


def test_pages_go_before_what_nobody_waits_for_on_a_full_machine():
    shares = {name: service.get("cpu_shares", 1024) for name, service in COMPOSE["services"].items()}
    assert {name for name, share in shares.items() if share < shares["web"]} == {
        "letters",
        "reports",
        "scans",
        "exports",
    }


def test_names_compose_fills_in_are_in_the_example():
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert used <= set(named_in_example())


@pytest.mark.parametrize("name", OURS)
def test_the_command_of_the_service_exists(name):
    words = OURS[name]["command"]
    assert words[0] == "python"
    if words[1] != "-m":
        target = ROOT / words[1]
        assert target.exists()
        assert target.name != "manage.py" or words[2] in get_commands()
        return
    assert importlib.util.find_spec(words[2]) is not None
    application = words[4] if words[2] == "celery" else words[3]
    assert importlib.util.find_spec(application) is not None


def test_the_health_check_of_the_web_service_is_here():
    assert SERVICES["web"]["healthcheck"]["test"] == ["CMD", "python", "bin/healthy"]
    assert (ROOT / "bin/healthy").exists()


def test_there_is_a_worker_for_every_queue_and_one_beat():
    queues = [
        word for service in OURS.values() for flag, word in itertools.pairwise(service["command"]) if flag == "--queues"
    ]
    assert sorted(queue for words in queues for queue in words.split(",")) == sorted(settings.QUEUES)
    assert [name for name, service in OURS.items() if service["command"][-1] == "beat"] == ["beat"]
    assert set(settings.QUEUES) <= set(OURS)


def test_all_of_ours_share_the_environment_and_the_data():
    for service in OURS.values():
        assert service["env_file"] == ".env"
        assert service["volumes"] == ["data:/data"]


def test_services_wait_for_what_they_need():
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", ())) <= set(SERVICES), name
    assert SERVICES["prepare"]["depends_on"].keys() == {"postgres", "redis"}


def test_the_servers_are_those_of_the_design():
    assert SERVICES["postgres"]["image"] == "postgres:15"
    assert SERVICES["redis"]["image"] == "redis:7"
    redis = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in redis
    assert "--maxmemory-policy noeviction" in redis


def test_the_image_installs_the_lock_and_the_libraries_of_the_pdfs():
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes --no-deps -r requirements.lock" in text
    packages = re.search(r'PACKAGES="([^"]+)"', (ROOT / "bin/system-deps.sh").read_text())
    assert packages is not None
    for package in packages[1].split():
        assert package in text
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert re.search(r"FROM python:3\.(\d+)", text)[1] >= wanted.rpartition(".")[2]


def test_the_image_has_the_programs_of_a_backup_no_older_than_the_server():
    text = (ROOT / "Dockerfile").read_text()
    assert "postgresql-client" in text
    assert ("bookworm" in text, SERVICES["postgres"]["image"]) == (True, "postgres:15")  # Debian 12 has version 15


def _blocks_of_the_proxy() -> dict[str, str]:
    """The locations of docs/nginx.conf, by their pattern; what stands outside of them under an empty one."""
    text = re.sub(r"#.*", "", (ROOT / "docs" / "nginx.conf").read_text())
    found = dict(re.findall(r"location (?:= |~ )?(\S+) \{(.*?)\}", text, re.DOTALL))
    return found | {"": re.sub(r"location [^{]*\{.*?\}", "", text, flags=re.DOTALL)}


def _most_megabytes(address: str) -> int:
    blocks = _blocks_of_the_proxy()
    named = [block for pattern, block in blocks.items() if pattern.startswith("^") and re.search(pattern, address)]
    own = re.search(r"client_max_body_size (\d+)m;", named[0]) if named else None
    return int((own or re.search(r"client_max_body_size (\d+)m;", blocks[""]))[1])


def test_the_proxy_passes_on_what_each_form_promises():
    """A megabyte and more for the form around the files."""
    photographs = reverse("desk_visit_new", args=["M1K-3-EKM-00001"])
    answer = reverse("application_answer", args=["M1K-3-EKM-00001"])
    one_paper = reverse("application_documents", args=["M1K-3-EKM-00001"])
    assert _most_megabytes(photographs) > MOST_PHOTOGRAPHS * LIMIT_MB
    assert _most_megabytes(answer) > len(KINDS) * LIMIT_MB
    assert LIMIT_MB < _most_megabytes(one_paper) == _most_megabytes("/") < 2 * LIMIT_MB


def test_what_the_proxy_refuses_leads_to_the_portals_own_page():
    blocks = _blocks_of_the_proxy()
    assert f"error_page 413 {reverse('too_large')};" in blocks[""]
    own = blocks[reverse("too_large")]
    assert "proxy_pass_request_body off;" in own
    assert 'proxy_set_header Content-Length "";' in own  # else the portal waits for a body that never comes
    lost = [line for line in re.findall(r"proxy_set_header [^;]+;", blocks[""]) if line not in own]
    assert lost == []  # a block with one header of its own inherits none


def test_the_web_server_runs_what_wsgi_names():
    assert settings.WSGI_APPLICATION.rpartition(".")[0] == "mission1000.wsgi"
    assert SERVICES["web"]["command"][-1] == "mission1000.wsgi"
    assert '"mission1000.wsgi"' in (ROOT / "bin/portal").read_text()


def test_the_queues_are_the_same_everywhere():
    portal = re.search(r'^QUEUES = "([^"]+)"', (ROOT / "bin/portal").read_text(), re.MULTILINE)
    assert portal is not None
    assert portal[1].split(",") == list(settings.QUEUES)
