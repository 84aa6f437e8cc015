"""docs/search.md shows what the program prints."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime, tzinfo

import eutils_server as server
import invented
import pytest
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.model.errors import CasepoolError
from casepool.search.pubmed import running

PAGE = (invented.ROOT / "docs" / "search.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ casepool (search.*)\n((?:.*\n)*?)```", PAGE)


class Clock:
    """Today, as the page has it."""

    today = date(2027, 1, 15)

    @classmethod
    def now(cls, zone: tzinfo) -> datetime:
        """Return noon of the day."""
        return datetime(cls.today.year, cls.today.month, cls.today.day, 12, tzinfo=zone)


@pytest.fixture
def printed(tmp_path, monkeypatch):
    """Return what the commands of the page print, in order."""
    for folder in ("config", "data"):
        shutil.copytree(invented.ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(running, "datetime", Clock)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    shown = []
    with server.serving(server.articles(214)) as service:
        config = tmp_path / "config/config.yaml"
        for number, (arguments, _) in enumerate(BLOCKS):
            if number == 1:
                text = config.read_text().replace("https://eutils.ncbi.nlm.nih.gov/entrez/eutils/", service.address)
                config.write_text(text.replace('email: ""', 'email: "reader@invented.invalid"'))
            if "--since" in arguments:
                service.records[0] = server.Article(1001, changed=date(2027, 2, 1))
                service.records += server.articles(3, first=5001, changed=date(2027, 2, 1))
                monkeypatch.setattr(Clock, "today", date(2027, 2, 15))
            result = CliRunner().invoke(app, arguments.split())
            assert isinstance(result.exception, CasepoolError | SystemExit | None)
            shown.append(result.stdout if result.exit_code == 0 else f"{result.exception}\n")
    return shown


def test_the_page_on_the_search_shows_what_is_printed(printed):
    """Four commands, run one after the other against the stand-in."""
    assert len(BLOCKS) == 4
    assert printed == [text for _, text in BLOCKS]
