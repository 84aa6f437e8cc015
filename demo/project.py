"""The invented project as files: made in full, then put in place."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pandas as pd
import yaml

from casepool.files import atomic, store
from casepool.model.errors import ConfigError
from casepool.model.protocol import Protocol, load_protocol
from casepool.model.study import use
from casepool.typing import Row
from demo import records
from demo.curated import curated_tables, framed
from demo.design import DEMO_KEY, MARK, READ_ON, READERS, SEED, SNAPSHOT
from demo.expectations import expectations
from demo.people import Person, people
from demo.returns import Return, refused_return, returns
from demo.truth import joint_counts, private_decisions, truth_pairs, truth_patients

CHECKOUT = Path(__file__).resolve().parent.parent
MARKER = "SYNTHETIC.txt"
RETURNS = "data/raw/registry"
KEY_FILE = f"{RETURNS}/.key"
_BY_READER: Row = {"reader": READERS[0], "date": READ_ON}
_REASONS = {
    "same_patient": f"{MARK}: the centre says that it is its patient.",
    "different": f"{MARK}: the letter was published before the patient was treated.",
}
_OWN_FOLDERS = ("config", "data", "truth")  # what the generator owns in the output folder
_MARKER_TEXT = f"{MARK}: every patient, centre and publication of this folder is invented (demo/README.md).\n"


def generate(out: Path, *, with_planted: bool = True) -> list[Path]:
    """Write the invented project into a folder and return the files that changed.

    A file whose content stays the same is not touched, so that a build has nothing to do.

    Raises
    ------
    ConfigError
        If the folder holds something that this generator did not make.
    """
    _refuse_foreign(out)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".making-") as folder:
        staged = Path(folder)
        _make(staged, people(), with_planted=with_planted)
        return _put_in_place(staged, out)


def _refuse_foreign(out: Path) -> None:
    if out.exists() and not out.is_dir():
        message = f"{out}: is a file; expected a folder for the demonstration."
        raise ConfigError(message)
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        message = f"{out}: holds files that the demonstration did not make; expected a new or empty folder."
        raise ConfigError(message)


def _put_in_place(staged: Path, out: Path) -> list[Path]:
    made = sorted(path.relative_to(staged) for path in staged.rglob("*") if path.is_file())
    owned = (path for name in _OWN_FOLDERS for path in (out / name).rglob("*") if path.is_file())
    for stale in [path for path in owned if path.relative_to(out) not in made]:
        stale.unlink()
    changed = [path for path in made if not _same(staged / path, out / path)]
    for path in sorted(changed, key=lambda one: one.name != MARKER):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (staged / path).replace(out / path)
    return [out / path for path in changed]


def _same(staged: Path, there: Path) -> bool:
    return there.is_file() and there.read_bytes() == staged.read_bytes()


def _make(root: Path, persons: tuple[Person, ...], *, with_planted: bool) -> None:
    atomic.write_text(root / MARKER, _MARKER_TEXT)
    protocol = _write_settings(root)
    for name, frame in curated_tables(persons, CHECKOUT).items():
        store.write_table(name, frame, root / "data/curated" / f"{name}.csv")
    raw = records.raw_files()
    for path, content in raw.items():
        atomic.write_bytes(root / path, content)
    store.write_table("sources", framed("sources", records.source_rows(raw)), root / "data/raw/sources.csv")
    pairs, files = truth_pairs(persons), returns(persons, protocol)
    files += [refused_return(persons, protocol)] if with_planted else []
    _write_registry(root, files, pairs)
    _write_truth(root / "truth", persons, pairs, files)


def _write_settings(root: Path) -> Protocol:
    """Write the project's own configuration and protocol with what differs in the demonstration."""
    config = yaml.safe_load((CHECKOUT / "config/config.yaml").read_text(encoding="utf-8"))
    config |= {"protocol": "config/protocol.yaml", "seed": SEED}
    config["pubmed"] |= {"mode": "snapshot", "snapshot": SNAPSHOT, "email": ""}
    config["simulation"] |= {"replicates": 10, "chunk": 10}
    config["registry"] |= {"dir": RETURNS, "key_file": KEY_FILE}
    protocol = yaml.safe_load((CHECKOUT / "config/protocol.yaml").read_text(encoding="utf-8"))
    titles = {"en": f"{MARK}: {protocol['title']['en']}", "fr": f"SYNTHÉTIQUE : {protocol['title']['fr']}"}
    protocol |= {"id": f"demo_{protocol['id']}", "title": titles, "synthetic": True}
    for name, content in (("config", config), ("protocol", protocol)):
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
        atomic.write_text(root / f"config/{name}.yaml", f"# {MARK}: made by demo/generate.py; do not edit.\n{text}")
    return use(load_protocol(root / "config/protocol.yaml")).protocol


def _write_registry(root: Path, files: list[Return], pairs: pd.DataFrame) -> None:
    folder = root / RETURNS
    for one in files:
        atomic.write_bytes(folder / one.name, one.content)
    decisions = [
        {"case_a": a, "case_b": b, "decision": decision, "reason": _REASONS[decision]} | _BY_READER
        for a, b, decision in private_decisions(pairs)
    ]
    store.write_table("identity_decisions", framed("identity_decisions", decisions), folder / "identity_decisions.csv")
    atomic.write_text(root / KEY_FILE, f"{DEMO_KEY}\n")
    (root / KEY_FILE).chmod(0o600)


def _write_truth(folder: Path, persons: tuple[Person, ...], pairs: pd.DataFrame, files: list[Return]) -> None:
    known = {"truth_patients": truth_patients(persons), "truth_pairs": pairs, "joint_counts": joint_counts(persons)}
    for name, frame in known.items():
        atomic.write_text(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))
    told = json.dumps(expectations(persons, pairs, files), indent=2, ensure_ascii=False)
    atomic.write_text(folder / "expectations.json", f"{told}\n")
