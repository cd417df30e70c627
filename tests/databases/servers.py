"""Database servers for a test run, each in a folder and on a port of its own."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
import contextlib
import os
from pathlib import Path
import shutil
import signal
import subprocess
import tempfile
import time
from typing import Self, override

import psycopg2
import pymysql

from demo.processes import free_port

from .packages import cache_folder, find_program, library_folders

NAME = "homeassistant"
START_SECONDS = 60
STOP_SECONDS = 20


class NotYetError(Exception):
    """A server that does not answer yet."""


class DatabaseServer(ABC):
    """A server that is started empty, and leaves nothing behind."""

    stop_signal = signal.SIGTERM

    def __init__(self) -> None:
        """Choose a folder and a port; nothing is started."""
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"vendor-bridge-{type(self).__name__.lower()}-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Return what Home Assistant's recorder calls its database."""

    @abstractmethod
    def initialize(self) -> None:
        """Make the files of an empty server."""

    @property
    @abstractmethod
    def command(self) -> Sequence[str]:
        """Return the command that serves them."""

    @abstractmethod
    def create(self) -> None:
        """Make the database. Raises NotYetError while the server does not answer."""

    @property
    def user(self) -> str | None:
        """Return who it runs as; None for ourselves."""
        return None

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its programs, whose libraries may be unpacked ones."""
        folders = [*self.folder.glob("debian/usr/lib/*-linux-*"), *library_folders()]
        return {
            **os.environ,
            "LD_LIBRARY_PATH": ":".join(map(str, folders)),
            "LC_ALL": "C.UTF-8",
        }

    def __enter__(self) -> Self:
        """Start it, and wait until its database is there. Raises TimeoutError."""
        try:
            return self._start()
        except BaseException:
            self.__exit__()
            raise

    def _start(self) -> Self:
        self.initialize()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command, stdout=log, stderr=log, env=self.environment, user=self.user, cwd="/"
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.create()
            except NotYetError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    tail = (self.folder / "log").read_text(errors="replace")[-2000:]
                    raise TimeoutError(f"the server does not start:\n{tail}") from None
                time.sleep(0.2)
            else:
                return self

    def __exit__(self, *_: object) -> None:
        """Stop it and remove its files."""
        if self._process is not None:
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgreSql(DatabaseServer):
    """PostgreSQL, which must not run as root."""

    stop_signal = signal.SIGINT  # does not wait for connections to end
    _programs: Path

    @property
    @override
    def url(self) -> str:
        return f"postgresql://{NAME}@127.0.0.1:{self.port}/{NAME}"

    @override
    def initialize(self) -> None:
        self.folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody")
        self._programs = self._within_reach(find_program("postgres").parent)
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", NAME, "--auth=trust", "--no-sync", "-E", "UTF8")

    def _within_reach(self, programs: Path) -> Path:
        """Return a folder with the programs that others than root can enter."""
        own = cache_folder() / "debian-databases"
        if os.geteuid() != 0 or not programs.is_relative_to(own):
            return programs
        copy = self.folder / "debian"
        for part in ("usr/lib/postgresql", "usr/share/postgresql"):
            shutil.copytree(own / part, copy / part, symlinks=True)
        for libraries in own.glob("usr/lib/*-linux-*"):
            shutil.copytree(libraries, copy / libraries.relative_to(own), symlinks=True)
        return copy / programs.relative_to(own)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            capture_output=True,
            env=self.environment,
            user=self.user,
            cwd="/",
        )

    @property
    @override
    def user(self) -> str | None:
        return "nobody" if os.geteuid() == 0 else None

    @property
    @override
    def command(self) -> Sequence[str]:
        program, data = str(self._programs / "postgres"), str(self.folder / "data")
        sockets = f"unix_socket_directories={self.folder}"
        return [program, "-D", data, "-p", str(self.port), "-h", "127.0.0.1", "-c", sockets]

    @override
    def create(self) -> None:
        try:
            connection = psycopg2.connect(
                host="127.0.0.1", port=self.port, user=NAME, dbname="postgres"
            )
        except psycopg2.OperationalError as error:
            raise NotYetError from error
        connection.autocommit = True  # a database is not created in a transaction
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {NAME}")


class MariaDb(DatabaseServer):
    """MariaDB, from whose files nobody is asked for a password."""

    @property
    @override
    def url(self) -> str:
        return f"mysql+pymysql://{NAME}@127.0.0.1:{self.port}/{NAME}?charset=utf8mb4"

    @override
    def initialize(self) -> None:
        for part in ("data", "tmp"):
            (self.folder / part).mkdir()

    @property
    @override
    def command(self) -> Sequence[str]:
        server = find_program("mariadbd")
        share = server.parent.parent / "share" / "mysql"
        return [
            str(server),
            "--no-defaults",
            f"--datadir={self.folder / 'data'}",
            f"--tmpdir={self.folder / 'tmp'}",
            f"--lc-messages-dir={share}",
            f"--character-sets-dir={share / 'charsets'}",
            f"--socket={self.folder / 'socket'}",
            f"--pid-file={self.folder / 'pid'}",
            # Without its system tables nobody can be asked for a password.
            "--skip-grant-tables",
            "--skip-networking=0",
            "--bind-address=127.0.0.1",
            f"--port={self.port}",
            *(["--user=root"] if os.geteuid() == 0 else []),
        ]

    @override
    def create(self) -> None:
        try:
            connection = pymysql.connect(host="127.0.0.1", port=self.port, user=NAME)
        except pymysql.OperationalError as error:
            raise NotYetError from error
        with connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {NAME} CHARACTER SET utf8mb4")
