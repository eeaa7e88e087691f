"""A little clamd on loopback that speaks INSTREAM as the real one does: z-terminated command, pieces with their length, a verdict."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Clamd:
    """How it behaves, and every stream it was sent. `mood`: well, hangs, or talks nonsense."""

    address: str = ""
    mood: str = "well"
    streams: list[bytes] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        clamd = self.server.clamd
        command = self._command()
        if command != b"zINSTREAM":
            self.wfile.write(b"PONG\0" if (command, clamd.mood) == (b"zPING", "well") else b"UNKNOWN COMMAND\0")
            return
        stream = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            stream += self.rfile.read(length)
        clamd.streams.append(stream)
        if clamd.mood == "hangs":
            clamd.go_on.wait(20)
        elif clamd.mood == "well":
            self.wfile.write(b"stream: Eicar-Signature FOUND\0" if EICAR in stream else b"stream: OK\0")
        else:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")

    def _command(self) -> bytes:
        """Up to the NUL that ends it."""
        found = b""
        while not found.endswith(b"\0") and (sign := self.rfile.read(1)):
            found += sign
        return found.rstrip(b"\0")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


class UnixServer(socketserver.ThreadingUnixStreamServer):
    pass


@contextmanager
def clamd(path: str = "") -> Iterator[Clamd]:
    """Up until the block ends; at a socket in the file system where a path is given."""
    server = UnixServer(path, Handler) if path else Server(("127.0.0.1", 0), Handler)
    found = server.clamd = Clamd(f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield found
    finally:
        found.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
