"""Every decision is a dated record with a number of its own; the index is generated from them."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECORDS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
HEAD = re.compile(r"# (\d{4})\. (.+)\n\n- Topic: (.+)\n- Date: (\d{4}-\d{2}-\d{2})\n- Status: (.+)\n\n## Decided\n\n\S")


def test_the_records_are_numbered_without_a_gap() -> None:
    """0001, 0002, …: two people who take the same number see it here."""
    assert len(RECORDS) > 50
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_says_when_and_what_was_decided(path: Path) -> None:
    """Title as in the file's name, topic, date, status, decision; then why and what was rejected, where recorded."""
    text = path.read_text(encoding="utf-8")
    found = HEAD.match(text)
    assert found, text[:200]
    number, _, _, date, status = found.groups()
    assert path.name.startswith(f"{number}-")
    assert datetime.date.fromisoformat(date)
    assert status == "in force" or re.search(r"\]\(\d{4}-[a-z0-9-]+\.md\)", status), status
    assert set(re.findall(r"^## (.+)$", text, re.MULTILINE)) <= {"Decided", "Why", "Rejected"}
