"""Threats of docs/security.md that no other test stands for; every test that the page names exists."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import casepool
from casepool.files import atomic
from casepool.model.errors import CasepoolError, PrivacyError
from casepool.privacy.pseudonym import KEY_VARIABLE
from casepool.provenance.building import begin_build
from casepool.search.formats.reading import read_export

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [
    *(ROOT / "src").rglob("*.py"),
    *(ROOT / "workflow").rglob("*.py"),
    *(ROOT / "workflow").rglob("*.smk"),
    ROOT / "Snakefile",
]
# Builtins, and functions of modules: pickle.dumps makes a key, nothing is loaded from it.
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
RUNS_DATA = re.compile(
    r"(pickle\.loads?|marshal\.loads?|shelve\.open|os\.(system|popen)|yaml\.(unsafe|full)_load|joblib\.load"
    r"|pd\.(eval|read_pickle)|np\.load)\("
)
SECRET = "SYNTHETIC-TEXT-OF-ANOTHER-FILE"
ENTITY = '<!DOCTYPE {root} [<!ENTITY x SYSTEM "{file}">]>\n'
XML = {
    "PubMed": "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
    "<ArticleTitle>SYNTHETIC &x;</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
    "EndNote": "<xml><records><record><ref-type>17</ref-type><titles><title>SYNTHETIC &x;</title></titles></record>"
    "</records></xml>",
    "ICTRP": "<Trials_downloaded_from_ICTRP><Trial><TrialID>SYNTHETIC1</TrialID>"
    "<Public_title>SYNTHETIC &x;</Public_title></Trial></Trials_downloaded_from_ICTRP>",
}


def test_every_test_that_the_page_names_exists():
    """Each threat has one."""
    rows = re.findall(r"^\| (?!threat|---).*", (ROOT / "docs" / "security.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 15
    for row in rows:
        places = re.findall(r"`(tests/[^`]+)`", row)
        assert places or row.endswith("| the same test |"), row
        for file, _, name in (place.partition("::") for place in places):
            text = (ROOT / file).read_text(encoding="utf-8")
            assert not name or re.search(rf"^def {name}\(", text, re.MULTILINE), f"{file} has no {name}"


def test_nothing_in_the_program_can_run_what_data_say():
    for path in PROGRAM:
        text = path.read_text(encoding="utf-8")
        assert "shell=True" not in text, path
        assert not RUNS_DATA.search(text), path
        assert all(re.search("FAST_LOADER|SafeLoader", call) for call in re.findall(r"yaml\.load\(.*", text)), path
        tree = ast.parse(text if path.suffix == ".py" else "")
        calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
        assert not {call.id for call in calls if isinstance(call, ast.Name)} & RUNS_TEXT, path


@pytest.mark.parametrize("kind", XML)
def test_an_entity_of_xml_brings_no_file_into_a_record(tmp_path, kind):
    """A file of our own stands for one that nobody should see."""
    (tmp_path / "other.txt").write_text(SECRET)
    root = re.match(r"<(\w+)", XML[kind])[1]
    path = tmp_path / "export.xml"
    atomic.write_text(path, ENTITY.format(root=root, file=tmp_path / "other.txt") + XML[kind])
    assert "SYNTHETIC" in str(read_export(_without_entity(path)).records)
    try:
        found = str(read_export(path))
    except CasepoolError as error:
        found = str(error)
    assert SECRET not in found


def _without_entity(path: Path) -> Path:
    """Return the same export with a word in place of the entity: it is read, so the other is no export by chance."""
    plain = path.with_name("plain.xml")
    plain.write_text(path.read_text().partition("\n")[2].replace("&x;", "title"))
    return plain


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the compiled expressions that stand in the modules of the package, by name."""
    for module in pkgutil.walk_packages(casepool.__path__, "casepool."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.name}.{name}", value


# Texts of one sign, or of few that expressions repeat, with an end that fits little; 25 show a time that doubles with
# each sign, 300 one that grows with the third power.
UNITS = ("a", "A", "1", " ", "-", ".", ", ", "1.", "a b ", "(", "Ab-")
LONG = [f"{start}{unit * n}{end}" for n in (25, 300) for start in ("", "a ") for unit in UNITS for end in ("\x01", "x")]


def test_no_regular_expression_loses_itself_in_a_long_text():
    """Each reads each text in a quarter of a second; where time grows with the square, in a tenth of that."""
    every = list(patterns())
    assert len(every) > 100
    slow = {}
    for name, pattern in every:
        for text in LONG:
            start = time.process_time()
            pattern.search(text)
            if (spent := time.process_time() - start) > 0.25:
                slow[name, text[:6]] = round(spent, 2)
    assert not slow


def test_a_build_on_other_machines_does_not_take_the_key_along(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY_VARIABLE, "SYNTHETIC" * 5)
    with pytest.raises(PrivacyError, match=f"^{KEY_VARIABLE} is set, and each job .* would take it along") as raised:
        begin_build([], [], elsewhere=True)
    assert "SYNTHETIC" not in str(raised.value)
