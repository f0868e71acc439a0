import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from course_lib.data import catalogue, download

HEAD = """
[packages.words]
description = "words"
package = "jieba"
pip = "jieba"
path = "dict.txt"
size = 1
licence = "MIT"
source = "https://example.org"

[packages.nowhere]
description = "nothing"
package = "no_such_package"
pip = "no-such-package"
path = ""
size = 1
licence = "MIT"
source = "https://example.org"

[downloads]
"""
ROW = """
[downloads.{name}]
description = "{name}"
repository = "someone/{name}"
commit = "abc"
folder = "in/here"
licence = "MIT"
source = "https://example.org"
"""

Sets = dict[str, dict[str, bytes]]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, and no mirror."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSE_DATA_MIRROR", raising=False)
    monkeypatch.setattr(download, "PAUSES", (0.0, 0.0, 0.0))
    return tmp_path / "cache"


@pytest.fixture
def make_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Sets], Path]:
    """Write a catalogue of these sets, and a mirror that holds them; return the mirror's folder."""

    def make(sets: Sets) -> Path:
        folder, mirror = tmp_path / "catalogue", tmp_path / "mirror"
        (folder / "checksums").mkdir(parents=True)
        rows = "".join(ROW.format(name=name) for name in sets)
        (folder / "catalogue.toml").write_text(HEAD + rows, encoding="utf-8")
        for name, files in sets.items():
            lines = []
            for path, content in files.items():
                (mirror / name / path).parent.mkdir(parents=True, exist_ok=True)
                (mirror / name / path).write_bytes(content)
                lines.append(f"{hashlib.sha256(content).hexdigest()} {len(content)} {path}\n")
            (folder / "checksums" / f"{name}.txt").write_text("".join(lines), encoding="utf-8")
        monkeypatch.setattr(catalogue, "CATALOGUE", folder)
        monkeypatch.setenv("COURSE_DATA_MIRROR", str(mirror))
        return mirror

    return make


class Handler(BaseHTTPRequestHandler):
    """Answers one request as the server's next fault says, or well."""

    server: "Server"
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        fault = self.server.next_fault(unquote(self.path), asked)
        place = self.server.folder / unquote(self.path).lstrip("/")
        if isinstance(fault, int) or not place.is_file():
            self.answer(fault or 404, b"")
            return
        self.serve(place.read_bytes(), asked, fault)

    def serve(self, content: bytes, asked: str, fault: str) -> None:
        start = int(asked[6:-1]) if asked and fault != "no ranges" else 0
        if start and start >= len(content):
            self.answer(416, b"")
            return
        rest = content[start:]
        half = rest[: len(rest) // 2]
        ranges = f"bytes {start}-{len(content) - 1}/{len(content)}" if start else ""
        if fault == "short":
            self.answer(200, half)
        else:
            sent = half if fault == "cut" else rest
            self.answer(206 if start else 200, sent, ranges, len(rest))
            self.close_connection = fault == "cut"

    def answer(self, status, body, ranges="", length=None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if ranges:
            self.send_header("Content-Range", ranges)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """A web server on this machine that serves a folder, badly if it is told to.

    ``faults`` are used up one a request: a number is a status; "cut" sends half and hangs up;
    "no ranges" sends all from the start; "short" sends half as if it were all.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.faults: list[int | str] = []
        self.asked: list[tuple[str, str]] = []
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_fault(self, path: str, ranges: str) -> int | str:
        """Note what was asked for, and return what is to go wrong: "" for nothing."""
        with self.lock:
            self.asked.append((path, ranges))
            return self.faults.pop(0) if self.faults else ""

    def stop(self) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of the mirror's files; ask for it after ``make_sets`` and call ``use(server)``."""
    (tmp_path / "mirror").mkdir(exist_ok=True)
    server = Server(tmp_path / "mirror")
    yield server
    server.stop()
