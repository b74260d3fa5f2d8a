"""A PostgreSQL server of the tests' own: Debian's programs, a folder and a socket of its own, thrown away afterwards."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NOBODY_ELSE = "postgres"
_FAST = {"fsync": "off", "full_page_writes": "off"}  # only a machine that loses its power would notice
_FASTER = {"synchronous_commit": "off"}  # a server that is killed may lose what it confirmed last


def programs() -> Path | None:
    """Where Debian keeps the newest server's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Server:
    """A server between `start` and `drop`; `url` gives the address of a schema in it, each of which is an empty database.

    `durable`: whether what it confirms outlives its being killed.
    """

    def __init__(self, *, durable: bool):
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, NOBODY_ELSE)
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", NOBODY_ELSE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            chosen = _FAST if durable else _FAST | _FASTER
            settings.writelines(f"{name} = {value}\n" for name, value in chosen.items())
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n")

    def start(self) -> "Server":
        self._run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "start")
        return self

    def restart(self, how: str) -> None:
        """`how`: fast breaks off what is under way, immediate does not even say good-bye."""
        self._run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-m", how, "restart")

    def drop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, schema: str) -> str:
        return f"postgresql+psycopg://{NOBODY_ELSE}@/postgres?host={self.folder}&options=-csearch_path%3D{schema}"

    def empty(self, schema: str) -> str:
        """A new schema's address."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user=NOBODY_ELSE, dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE SCHEMA "{schema}"')
        return self.url(schema)

    def _run(self, program: str, *arguments) -> None:
        # The server refuses to run as root.
        rights = ["runuser", "-u", NOBODY_ELSE, "--"] if os.geteuid() == 0 else []
        command = [*rights, str(programs() / program), *map(str, arguments)]
        # The server inherits what it is started with: a pipe would never be closed.
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, cwd=self.folder)
        assert done.returncode == 0, f"{program} {arguments}"
