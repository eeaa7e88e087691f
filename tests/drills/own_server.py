"""A PostgreSQL server of a test's own, with the tables of the run's: it is stopped in the middle and started again."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.architecture.tree import ROOT


class OwnServer:
    """Started by `bin/services`. While `in_use` the portal of this process keeps its records there."""

    def __init__(self) -> None:
        said = subprocess.run([ROOT / "bin" / "services", "start"], capture_output=True, text=True, check=True).stdout
        found = dict(line.split("=", 1) for line in said.splitlines())
        self.folder, self.redis = Path(found["SERVICES"]), found["REDIS_URL"]
        self.url = urlsplit(found["DATABASE_URL"])
        self._options = (self.folder / "db" / "postmaster.opts").read_text()
        self.running = True
        self.programs = Path(self._options.split()[0]).parent

    def _control(self, *words: str) -> None:
        log = self.folder / "db" / "server.log"
        command = [str(self.programs / "pg_ctl"), "-w", "-D", str(self.folder / "db"), "-l", str(log), *words]
        if os.getuid() == 0:
            command = ["runuser", "-u", (self.folder / "db").owner(), "--", *command]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        """As a machine that loses its power. Harmless when it is stopped."""
        if self.running:
            self._control("-m", "immediate", "stop")
        self.running = False

    def start(self) -> None:
        if self.running:
            return
        options = " ".join(word.strip('"') for word in self._options.split()[1:] if "-D" not in word)
        self._control("-o", options.replace(str(self.folder / "db"), "", 1), "start")
        self.running = True

    def end(self) -> None:
        subprocess.run([ROOT / "bin" / "services", "stop", self.folder], check=True)

    def take_tables_of(self, name: str) -> None:
        """The tables of the run's own test database, without its rows."""
        run = urlsplit(os.environ["DATABASE_URL"])
        link = ["-h", str(run.hostname), "-p", str(run.port), "-U", str(run.username), "--schema-only", name]
        dump = subprocess.run([self.programs / "pg_dump", *link], capture_output=True, check=True).stdout
        place = ["-h", str(self.url.hostname), "-p", str(self.url.port), "-U", "postgres", "-q", "mission1000"]
        # bin/services syncs nothing; here what was committed must be there after the power was lost.
        dump += b"ALTER ROLE postgres SET synchronous_commit = on;"
        subprocess.run([self.programs / "psql", *place], input=dump, stdout=subprocess.DEVNULL, check=True)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """The portal of this process keeps its records here; afterwards again where it did."""
        held = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict |= {"HOST": self.url.hostname, "PORT": self.url.port, "NAME": "mission1000"}
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.clear()
            connection.settings_dict |= held
