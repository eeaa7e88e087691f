"""A Redis of a drill's own: a process that is stopped, killed, frozen and started again on the same port, keeping nothing."""

import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.records.conftest import free_port


class Broker:
    """`kill` loses every message; a `frozen` one takes connections and never answers."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Up and answering, empty."""
        words = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        with (self.folder / "redis.log").open("ab") as out:
            self.process = subprocess.Popen([*words, "--dir", str(self.folder)], stdout=out, stderr=out)
        until = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "redis.log").read_text()
            assert time.monotonic() < until, "Redis does not answer"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as link:
                link.sendall(b"PING\r\n")
                return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def freeze(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def kill(self) -> None:
        """Gone at once, with all it held. Harmless where it is gone."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)
        self.process = None


def cookie_token() -> str:
    """What a browser keeps against forged forms; it posts the same."""
    return secrets.token_hex(16)
