"""What a file or folder holds, as a checksum: dates say nothing about it."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# The packages whose version can change a number or a figure.
PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "matplotlib", "snakemake")


def digest(path: str | Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of the files of a folder; "" where nothing is.

    What is neither file nor folder (a pipe, a device) counts as nothing: reading it may never end.
    """
    place = Path(path)
    if place.is_dir():
        lines = [f"{file.relative_to(place).as_posix()} {digest(file)}\n" for file in files_in(place)]
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    if not place.is_file():
        return ""
    with place.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def files_in(path: str | Path) -> list[Path]:
    """Return the files that a path stands for, sorted: itself, or what lies in the folder; hidden ones are left out."""
    place = Path(path)
    if not place.is_dir():
        return [place]
    return sorted(one for one in place.rglob("*") if one.is_file() and not one.name.startswith("."))


def environment() -> dict[str, str]:
    """Return the versions of Python and of the packages that can move a result."""
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found
