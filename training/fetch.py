"""Downloads the packages named in `sources.toml` and unpacks them.

`python training/fetch.py --into FOLDER [--deny FILE]` uses the registries' ordinary clients: pip, npm and apt-get (with sources).
A package that is already there is not fetched again.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path

HERE = Path(__file__).parent
JUDGED = HERE.parent / "benchmarks" / "evaluation" / "packages.toml"
"""The packages that search is judged on: fetched so that nothing that shares their code is mined."""


def run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def unpack(archive: Path, into: Path) -> None:
    if archive.suffix == ".deb":
        run("dpkg-deb", "-x", str(archive), str(into), cwd=into)
        return
    if archive.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(into)  # noqa: S202 -- zipfile keeps it inside the folder
        return
    with tarfile.open(archive) as opened:
        opened.extractall(into, filter=inside)  # noqa: S202 -- `inside` keeps it inside the folder


def inside(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """The member, or nothing for one that would lie or lead outside of the folder."""
    try:
        return tarfile.data_filter(member, folder)
    except tarfile.FilterError:
        return None


def from_pypi(name: str, into: Path) -> None:
    run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", name, cwd=into)


def from_pypi_source(name: str, into: Path) -> None:
    run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", name, cwd=into)


def from_npm(name: str, into: Path) -> None:
    run("npm", "pack", "--silent", name, cwd=into)


def from_debian(name: str, into: Path) -> None:
    run("apt-get", "source", "-qq", "--tar-only", name, cwd=into)


def from_debian_patched(name: str, into: Path) -> None:
    """With Debian's patches applied; the copies that `dpkg-source` keeps of what was before are taken away."""
    run("apt-get", "source", "-qq", name, cwd=into)
    for kept in into.glob("*/.pc"):
        shutil.rmtree(kept)


def from_own_history(commits: str, into: Path) -> None:
    """This project as it was before a range of its commits."""
    first, _, _ = commits.partition("..")
    run("git", "archive", "--prefix=own/", "--output", str(into / "tree.tar.gz"), first, cwd=HERE.parent)


def from_debian_binary(name: str, into: Path) -> None:
    run("apt-get", "download", "-qq", name, cwd=into)


CLIENTS: dict[str, Callable[[str, Path], None]] = {
    "pypi": from_pypi,
    "pypi_source": from_pypi_source,
    "npm": from_npm,
    "debian": from_debian,
    "debian_patched": from_debian_patched,
    "debian_binary": from_debian_binary,
    "own_history": from_own_history,
}


def fetch(registry: str, name: str, folder: Path) -> None:
    if folder.exists():
        return
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    CLIENTS[registry](name, partial)
    unpacked = any(found.is_dir() for found in partial.iterdir())
    for archive in [found for found in partial.iterdir() if found.is_file()]:
        if not unpacked and is_archive(archive.name):
            unpack(archive, partial)
        archive.unlink()
    partial.rename(folder)


def is_archive(name: str) -> bool:
    return name.endswith((".whl", ".tgz", ".deb", ".tar.gz")) or (".orig.tar" in name and not name.endswith(".asc"))


def attempt(registry: str, name: str, folder: Path) -> str:
    """A package that the registry refuses is left out and said; its `.partial` folder is never read."""
    try:
        fetch(registry, name, folder)
    except subprocess.CalledProcessError as error:
        return f"left out: {error}"
    return "there"


def read_names(path: Path | None) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path else []
    return {line.split("(")[0].strip().lower() for line in lines if line.strip() and not line.startswith("#")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--deny", type=Path)
    arguments = parser.parse_args()
    denied = read_names(arguments.deny)
    for name, judged in chain.from_iterable(half.items() for half in tomllib.loads(JUDGED.read_text(encoding="utf-8")).values()):
        print("judged", name, attempt(judged["registry"], judged["pinned"], arguments.into / "judged" / name), flush=True)
    sources = tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))
    for registry, splits in sources.items():
        for split, names in splits.items():
            for name in names:
                if name.lower() in denied:
                    sys.exit(f"{name} is reserved for evaluation: take it out of sources.toml")
                print(split, registry, name, attempt(registry, name, arguments.into / split / name.replace("/", "__")), flush=True)


if __name__ == "__main__":
    main()
