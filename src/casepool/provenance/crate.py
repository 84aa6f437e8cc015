"""The research object: the manifest in the words of RO-Crate, which repositories of data read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from casepool.typing import Json

CRATE = "ro-crate-metadata.json"
_FOLDER = "results/"
_FORMATS = {
    ".bib": "application/x-bibtex",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".ris": "application/x-research-info-systems",
    ".svg": "image/svg+xml",
    ".tex": "application/x-tex",
}
_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_LICENCE, _PROGRAM, _RUN = "#licence", "#casepool", "#build"


def crate(manifest: Mapping[str, Any], title: str, sizes: Mapping[str, int]) -> Json:
    """Return the description of the folder of results as JSON-LD: its files, what they were made of, by which program.

    Parameters
    ----------
    manifest : as `casepool.provenance.manifest.manifest` makes it.
    title : of the study.
    sizes : bytes of each result by its path from the project folder.
    """
    outputs = {path: sha for path, sha in manifest["outputs"].items() if path.startswith(_FOLDER)}
    day = str(manifest["configuration"]["pubmed"]["snapshot"])
    files = [_file(path, sha, sizes[path]) for path, sha in sorted(outputs.items())]
    inputs = [*_inputs(manifest["inputs"])]
    return {
        "@context": f"{_SPECIFICATION}/context",
        "@graph": [
            {
                "@id": CRATE,
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": _SPECIFICATION},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": title,
                "description": "Results of a build of casepool: tables, figures, report, and every estimate.",
                "datePublished": day,
                "license": {"@id": _LICENCE},
                "hasPart": [{"@id": one["@id"]} for one in files],
                "mentions": {"@id": _RUN},
            },
            *files,
            {
                "@id": _LICENCE,
                "@type": "CreativeWork",
                "name": "As the authors of the study declare it",
                "description": "casepool itself is under the MIT licence; what it quotes belongs to its sources.",
            },
            {
                "@id": _PROGRAM,
                "@type": "SoftwareApplication",
                "name": "casepool",
                "version": manifest["casepool"],
                "softwareVersion": manifest["commit"] or manifest["casepool"],
                "softwareRequirements": [f"{name} {used}" for name, used in sorted(manifest["environment"].items())],
            },
            {
                "@id": _RUN,
                "@type": "CreateAction",
                "name": "The build that made these files",
                "instrument": {"@id": _PROGRAM},
                "object": [{"@id": one["@id"]} for one in inputs],
                "result": [{"@id": one["@id"]} for one in files],
            },
            *inputs,
        ],
    }


def _file(path: str, sha: str, size: int) -> Json:
    known = _FORMATS.get(PurePosixPath(path).suffix, "text/plain")
    return {
        "@id": path.removeprefix(_FOLDER),
        "@type": "File",
        "name": PurePosixPath(path).name,
        "encodingFormat": known,
        "contentSize": str(size),
        "sha256": sha,
    }


def _inputs(inputs: Mapping[str, str]) -> Iterator[Json]:
    """Yield what was read: it lies outside the folder, so that it is named by its path and checksum."""
    for path, sha in sorted(inputs.items()):
        yield {"@id": f"#{path}", "@type": "CreativeWork", "name": path, "sha256": sha}
