"""What a file or folder holds, as a checksum: dates say nothing about it."""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import stat
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_NOTHING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
# The packages whose version can change a number or a figure.
PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "matplotlib", "snakemake")


def digest(path: str | Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of the files of a folder; "" where nothing is.

    What is neither file nor folder (a pipe, a device) counts as nothing: reading it may never end.
    """
    found = stat_of(path)
    if found is not None and stat.S_ISDIR(found.st_mode):
        lines = [f"{file.relative_to(path).as_posix()} {digest(file)}\n" for file in files_in(path)]
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    if found is None or not stat.S_ISREG(found.st_mode):
        return ""
    with open(path, "rb") as handle:  # noqa: PTH123  (thousands in a build: a Path for each takes as long as the reading)
        return hashlib.file_digest(handle, "sha256").hexdigest()


def stat_of(path: str | Path) -> os.stat_result | None:
    """Return what the system knows of a file or folder, asked once; None where nothing is."""
    try:
        return os.stat(path)  # noqa: PTH116
    except ValueError:  # a name that no file can have
        return None
    except OSError as error:
        if error.errno in _NOTHING:
            return None
        raise


def files_in(path: str | Path) -> list[Path]:
    """Return the files that a path stands for, sorted: itself, or what lies in the folder; hidden ones are left out."""
    place = Path(path)
    found = stat_of(place)
    if found is None or not stat.S_ISDIR(found.st_mode):
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
