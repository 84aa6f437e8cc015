"""Pseudonyms of registry cases, centres and files: keyed hashes, worthless without the key.

The key is a secret of the coordinator. It stands in the environment or in a file outside git; whoever has it
could try every serial number of every centre, so it is read only where nobody else can read it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import shutil
import stat
import subprocess
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from casepool.model.errors import PrivacyError
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.privacy.centre_names import centre_key

KEY_VARIABLE = "CASEPOOL_REGISTRY_KEY"
_SHORTEST_KEY = 32  # characters; 32 hexadecimal digits are 16 bytes
_FEWEST_SIGNS = 8  # different characters; a repeated word or digit is no key
_ADVICE = Message("make_a_key")
_CODE = re.compile(r"p?\s*(\d+)")


def load_key(environment: Mapping[str, str], key_file: Path) -> bytes:
    """Return the key of the pseudonyms: the environment variable, else the key file.

    Raises PrivacyError where there is none, where it is weak, and where others could read the file.
    """
    text = environment.get(KEY_VARIABLE, "").strip()
    if text:
        return _strong(text, Message("environment_variable", name=KEY_VARIABLE))
    if not key_file.is_file():
        raise PrivacyError(Message("no_key", variable=KEY_VARIABLE, file=str(key_file), advice=_ADVICE))
    _refuse_exposed(key_file)
    try:
        content = key_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PrivacyError(Message("key_cannot_be_read", file=str(key_file), advice=_ADVICE)) from error
    return _strong(content.strip(), str(key_file))


def write_new_key(key_file: Path) -> None:
    """Write a new random key that only its owner can read; an existing file is never overwritten."""
    file = str(key_file)
    if _git(key_file, "check-ignore", "--quiet") == 1:  # inside a repository, and not ignored
        raise PrivacyError(Message("key_not_ignored_by_git", file=file))
    if key_file.parent.exists() and not key_file.parent.is_dir():
        raise PrivacyError(Message("key_cannot_be_written", file=file, error=Message("folder_is_a_file")))
    try:
        key_file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise PrivacyError(Message("key_exists", file=file)) from error
    except OSError as error:
        raise PrivacyError(Message("key_cannot_be_written", file=file, error=str(error.strerror))) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_hex(32) + "\n")
        handle.flush()
        os.fsync(handle.fileno())


def case_pseudonym(key: bytes, centre: str, patient_code: str) -> str:
    """Return the 12 hexadecimal digits that stand for a patient of a centre."""
    return _digest(key, "case", centre_key(centre), _folded_code(patient_code))[:12]


def centre_pseudonym(key: bytes, centre: str) -> str:
    """Return ``registry-`` and the 6 hexadecimal digits that stand for a centre."""
    return f"registry-{_digest(key, 'centre', centre_key(centre))[:6]}"


def return_label(key: bytes, file_name: str) -> str:
    """Return ``return-`` and the 8 hexadecimal digits that stand for a file name."""
    return f"return-{_digest(key, 'return', unicodedata.normalize('NFC', file_name))[:8]}"


def _digest(key: bytes, kind: str, *parts: str) -> str:
    # Each part goes with its length: no two lists of parts give the same message, whatever signs they hold.
    encoded = [part.encode("utf-8") for part in ("casepool", kind, *parts)]
    message = b"".join(b"%d:%s" % (len(part), part) for part in encoded)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _folded_code(patient_code: str) -> str:
    """Return the serial number without P and leading zeros: P1, p01 and 1 are one patient."""
    folded = fold(patient_code)
    number = _CODE.fullmatch(folded)
    return str(int(number[1])) if number else folded


def _strong(text: str, place: Message | str) -> bytes:
    if len(text) < _SHORTEST_KEY or len(set(text)) < _FEWEST_SIGNS:
        raise PrivacyError(Message("weak_key", place=place, n=_SHORTEST_KEY, advice=_ADVICE))
    return text.encode("utf-8")


def _refuse_exposed(key_file: Path) -> None:
    if _git(key_file, "ls-files", "--error-unmatch") == 0:
        raise PrivacyError(Message("key_in_git", file=str(key_file)))
    mode = stat.S_IMODE(key_file.stat().st_mode)
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PrivacyError(Message("key_read_by_others", file=str(key_file), mode=f"{mode:03o}"))


def _git(file: Path, *arguments: str) -> int:
    """Return the exit code of a git command on the file; 128 where there is no git or no repository."""
    git = shutil.which("git")
    if git is None:
        return 128
    file = file.absolute()
    folder = next(parent for parent in file.parents if parent.is_dir())
    command = [git, "-C", str(folder), *arguments, "--", str(file)]
    return subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603 (fixed words and a path)
