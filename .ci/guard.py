"""No registry row enters git: checks what is staged (the hook) or all that is tracked (the checks of the project).

``python .ci/guard.py --staged`` reads the index, not the files of the work tree; ``--tracked`` reads HEAD. Needs only
the standard library and git. Exit 1 names the files and the reasons, never what is in them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.dont_write_bytecode = True

from casepool.privacy.guard.guard import carries_registry_rows  # noqa: E402 (found by the path above)

_LINK, _SUBMODULE = "120000", "160000"
_RETURNS = "data/raw/registry"
_PRIVATE = (_RETURNS, "results/private")
_ALSO_CURATED = frozenset({"README.md", "identity_decisions.csv"})  # names that public files may bear too


@dataclass(frozen=True)
class Entry:
    """A file that git knows: its path, its mode and the id of its content."""

    path: str
    mode: str
    blob: str


def git(*arguments: str, data: bytes = b"") -> bytes:
    """Return what a git command prints."""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout  # noqa: S603 (fixed words)


def staged() -> list[Entry]:
    """Return the files that the next commit adds or changes."""
    parts = git("diff", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--diff-filter=d").split(b"\0")
    told = zip(parts[:-1:2], parts[1::2], strict=True)
    return [Entry(_text(path), meta.split()[1].decode(), meta.split()[3].decode()) for meta, path in told]


def tracked() -> list[Entry]:
    """Return the files of the last commit."""
    lines = [line for line in git("ls-tree", "-r", "-z", "HEAD").split(b"\0") if line]
    told = (line.split(b"\t", 1) for line in lines)
    return [Entry(_text(path), meta.split()[0].decode(), meta.split()[2].decode()) for meta, path in told]


def contents(entries: list[Entry]) -> Iterator[bytes]:
    """Yield the content of each file, from the store of git."""
    answer = git("cat-file", "--batch", data="".join(f"{entry.blob}\n" for entry in entries).encode())
    start = 0
    for _ in entries:
        end = answer.index(b"\n", start)
        size = int(answer[start:end].split()[2])
        yield answer[end + 1 : end + 1 + size]
        start = end + size + 2


def problems(entries: list[Entry]) -> list[str]:
    """Return each file that may not be in git, with the reason."""
    files = [entry for entry in entries if entry.mode != _SUBMODULE]
    private = list(_private_files())
    found = ((entry, _reason(entry, content, private)) for entry, content in zip(files, contents(files), strict=True))
    return [f"{entry.path}: {reason}" for entry, reason in found if reason]


def _reason(entry: Entry, content: bytes, private: list[Path]) -> str | None:
    if entry.mode == _LINK:
        target = content.decode(errors="replace")
        return "it links to a private file" if any(place in target for place in _PRIVATE) else None
    return carries_registry_rows(entry.path, content) or _reason_of_copy(entry.path, content, private)


def _reason_of_copy(path: str, content: bytes, private: list[Path]) -> str | None:
    """Return why a file is a copy of a private one, whatever its format."""
    for file in private:
        returned = file.is_relative_to(ROOT / _RETURNS)
        if returned and file.name == Path(path).name and file.name not in _ALSO_CURATED:
            return "it is named like a registry return"
        if content and file.stat().st_size == len(content) and file.read_bytes() == content:
            return "it is a copy of a private file"
    return None


def _private_files() -> Iterator[Path]:
    """Yield the private files of this machine; there is none where the project was cloned only."""
    for place in _PRIVATE:
        files = (file for file in (ROOT / place).rglob("*") if file.is_file())
        yield from (file for file in files if file != ROOT / _RETURNS / "README.md")


def _text(path: bytes) -> str:
    return path.decode(errors="surrogateescape")


def main(arguments: list[str]) -> int:
    """Check what the argument names; return 1 where a file must stay out of git."""
    which = {"--staged": staged, "--tracked": tracked}.get(arguments[0] if len(arguments) == 1 else "")
    if which is None:
        print("usage: guard.py --staged | --tracked", file=sys.stderr)
        return 2
    entries = which()
    found = problems(entries)
    for line in found:
        print(line.encode(errors="replace").decode(), file=sys.stderr)
    if found:
        print(f"{len(found)} file(s) must stay out of git: registry rows are private.", file=sys.stderr)
        print("Take each out with `git rm --cached FILE`; see docs/registry.md.", file=sys.stderr)
        return 1
    print(f"{len(entries)} file(s) checked: no registry row")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
