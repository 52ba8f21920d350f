"""A real PostgreSQL server from Debian's binaries, and a database of each kind for the tests that keep something."""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gongkai.service.store.database import Database

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin")
CONFIGURATION = """
listen_addresses = ''
fsync = off
full_page_writes = off
max_connections = 60
shared_buffers = 32MB
"""


@dataclass
class Server:
    """One server on a socket in a folder of its own; `stop` and `start` are for tests of what goes away."""

    programs: Path
    folder: Path
    user: str | None
    process: subprocess.Popen | None = None
    names: itertools.count = field(default_factory=itertools.count)

    def make(self) -> None:
        """Create the server's files."""
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-D", self.data, "-U", "gongkai", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        with (self.folder / "data/postgresql.conf").open("a") as file:
            file.write(CONFIGURATION + f"unix_socket_directories = '{self.folder}'\n")

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments], user=self.user, cwd=self.folder, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = (self.folder / "log").open("ab")
        command = [self.programs / "postgres", "-D", self.data]
        self.process = subprocess.Popen(command, user=self.user, cwd=self.folder, stdout=log, stderr=log)
        log.close()
        if not self._answers():
            pytest.fail(self._log())

    def _answers(self) -> bool:
        command = [self.programs / "pg_isready", "-q", "-h", self.folder, "-t", "1"]
        deadline = time.monotonic() + 120
        while self.process.poll() is None and time.monotonic() < deadline:
            if subprocess.run(command).returncode == 0:
                return True
            time.sleep(0.02)
        return False

    def _log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")[-2000:]

    def stop(self) -> None:
        """End it at once, as a crash would: connections break, nothing is told to them first."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(60)

    def new(self, template: str = "template0") -> str:
        """The URL of a new database, empty or with the tables (`self.filled`)."""
        name = f"t{next(self.names)}"
        self._run("createdb", "-h", str(self.folder), "-U", "gongkai", "-T", template, name)
        return f"postgresql://gongkai@/{name}?host={self.folder}"

    @functools.cached_property
    def filled(self) -> str:
        """The name of a database with all tables, to copy."""
        url = self.new()
        Database.open(url).close()
        return url.split("?")[0].rpartition("/")[2]

    def end(self) -> None:
        """Stop it and remove its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = (path for pattern in FOLDERS for path in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True))
    return next((path for path in places if (path / "initdb").exists()), None)


def _other_user() -> str | None:
    """Who runs the server: it refuses to be root."""
    import pwd

    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


@functools.cache
def server() -> Server:
    """The server of this run, started when it is first asked for. Skips without binaries, fails in CI."""
    programs = _programs()
    if programs is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "no PostgreSQL is installed (apt-get install postgresql)"
        )
    one = Server(programs, Path(tempfile.mkdtemp(prefix="gongkai-pg-")), _other_user())
    atexit.register(one.end)
    one.make()
    one.start()
    return one


@pytest.fixture(scope="session")
def postgres():
    """The PostgreSQL server."""
    return server()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'gongkai.db'}"
    postgres = request.getfixturevalue("postgres")
    return postgres.new(postgres.filled) if "database" in request.fixturenames else postgres.new()


@pytest.fixture
def database(database_url):
    """A database of each kind with its tables, open."""
    opened = Database.open(database_url)
    yield opened
    opened.close()
