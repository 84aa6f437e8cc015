"""What a build was made of (manifest) and what it made (summary for the terminal)."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from casepool.flow.boxes import box_total
from casepool.report.page.registry import n_waiting
from casepool.report.words.catalogue import Catalogue

# The packages whose version can change a number.
_PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "matplotlib", "snakemake")


def manifest(
    inputs: Iterable[str], outputs: Iterable[str], configuration: Mapping[str, object], casepool: str, commit: str
) -> str:
    """Return the manifest as JSON: SHA-256 of inputs and outputs, versions, commit, configuration.

    A folder stands for the files in it.
    """
    content = {
        "casepool": casepool,
        "commit": commit,
        "python": ".".join(platform.python_version_tuple()[:2]),
        "packages": {name: version(name) for name in _PACKAGES},
        "configuration": configuration,
        "inputs": _digests(inputs),
        "outputs": _digests(outputs),
    }
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _digests(paths: Iterable[str]) -> dict[str, str]:
    files = [file for path in paths for file in _files(Path(path))]
    return {file.as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)}


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [file for file in path.rglob("*") if file.is_file() and not file.name.startswith(".")]
    return [path]


def summary(
    frames: Mapping[str, pd.DataFrame], to_screen: pd.DataFrame, catalogue: Catalogue, *, synthetic: bool = False
) -> str:
    """Return what was built, what waits for a human, and where to look, for the terminal.

    Parameters
    ----------
    frames : the tables prisma_counts, candidate_pairs, open_questions, reading_list and quarantine.
    to_screen : the records that wait for a decision or a full text.
    synthetic : say that the data are invented.
    """
    flow = frames["prisma_counts"]
    values = {
        "records": box_total(flow, "records_screened"),
        "reports": box_total(flow, "reports_included"),
        "studies": box_total(flow, "studies_included"),
        "patients": box_total(flow, "patients_included"),
        "evaluable": box_total(flow, "patients_evaluable"),
        "to_screen": box_total(flow, "records_to_screen"),
        "full_texts": len(to_screen) - box_total(flow, "records_to_screen"),
        "pairs": int((frames["candidate_pairs"]["outcome"] == "to_review").sum()),
        "reading": len(frames["reading_list"]),
        "questions": len(frames["open_questions"]),
        "registry_rows": n_waiting(frames),
    }
    counted = {name: catalogue.plural(f"count_{name}", n) for name, n in values.items()}
    keys = (*(["synthetic"] if synthetic else []), "summary_built", "summary_waiting", "summary_look")
    return "\n".join(catalogue.text(key, **counted) for key in keys) + "\n"
