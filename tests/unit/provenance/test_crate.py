"""The research object: what the library of RO-Crate reads of it, and that it says what the manifest says."""

import hashlib

import pytest
from rocrate.rocrate import ROCrate

from casepool.files import atomic
from casepool.provenance.crate import CRATE, crate
from casepool.provenance.manifest import as_text

FILES = {"tables/results.csv": "a,b\n", "manuscript/fr/report.pdf": "%PDF", "SYNTHETIC.txt": "SYNTHETIC\n"}


@pytest.fixture
def folder(tmp_path):
    """Return a folder of results with its description."""
    outputs, sizes = {}, {}
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        outputs[f"results/{name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
        sizes[f"results/{name}"] = path.stat().st_size
    manifest = {
        "casepool": "0.2.0",
        "commit": "0123abc",
        "environment": {"numpy": "2.0", "python": "3.11"},
        "configuration": {"pubmed": {"snapshot": "2026-11-22"}},
        "inputs": {"data/curated/patients.csv": "f" * 64},
        "code": {},
        "outputs": outputs,
    }
    atomic.write_text(tmp_path / CRATE, as_text(crate(manifest, "SYNTHETIC study", sizes)))
    return tmp_path


def test_the_library_finds_every_file_with_its_checksum(folder):
    read = ROCrate(folder)
    found = {one.id: one["sha256"] for one in read.data_entities}
    assert found == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    assert (read.name, str(read.root_dataset["datePublished"])) == ("SYNTHETIC study", "2026-11-22")
    assert {one.id for one in read.root_dataset["hasPart"]} == set(FILES)


def test_the_build_names_its_program_what_it_read_and_what_it_made(folder):
    run = ROCrate(folder).dereference("#build")
    assert run["instrument"]["softwareVersion"] == "0123abc"
    assert [one["name"] for one in run["object"]] == ["data/curated/patients.csv"]
    assert {one.id for one in run["result"]} == set(FILES)


def test_everything_that_is_pointed_to_is_described_once(folder):
    graph = ROCrate(folder).metadata.generate()["@graph"]
    ids = [one["@id"] for one in graph]
    assert len(ids) == len(set(ids))
    pointed = {one["@id"] for entity in graph for value in entity.values()
               for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)}  # fmt: skip
    assert {one for one in pointed if not one.startswith("https://w3id.org/")} <= set(ids)
