"""Files made from others are what their makers would make now."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType

import invented
import pytest
import yaml
from packaging.requirements import Requirement

ROOT = invented.ROOT
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CLUSTER_LOCK = (ROOT / "requirements-cluster.lock").read_text(encoding="utf-8")
LOCKS = ("requirements.lock", "requirements-browser.lock", "requirements-cluster.lock")


def maker() -> ModuleType:
    """Return the module that makes the generated files."""
    spec = importlib.util.spec_from_file_location("generated", ROOT / ".ci" / "generated.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKERS = maker().MAKERS


def lock_entries(lock: str = LOCK) -> list[str]:
    """Return the requirement of every entry of a lock, without its hashes."""
    entries = re.split(r"\n(?=\S)", lock.strip())
    return [entry.split("\\\n")[0].strip() for entry in entries]


def pinned(lock: str) -> dict[str, Requirement]:
    """Return name of a package, as PyPI compares it → its requirement in a lock."""
    requirements = map(Requirement, lock_entries(lock))
    return {one.name.lower().replace("_", "-"): one for one in requirements}


def environment_entries() -> list[str]:
    """Return the pip requirements of environment.yml."""
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    return next(one["pip"] for one in dependencies if isinstance(one, dict))


@pytest.mark.parametrize("path", MAKERS)
def test_a_generated_file_is_up_to_date(path):
    """Run ``make generated`` if this fails."""
    assert (ROOT / path).read_text(encoding="utf-8") == MAKERS[path]()


def test_the_environment_holds_the_pins_of_the_lock():
    """Users of conda and of pip get the same versions under the same conditions."""
    parsed = [Requirement(entry) for entry in environment_entries()]
    assert [str(one) for one in parsed] == [str(Requirement(entry)) for entry in lock_entries()]


def test_every_entry_of_the_environment_is_a_pin():
    """Name, ==, one version."""
    for entry in environment_entries():
        (pin,) = Requirement(entry).specifier
        assert pin.operator == "==", entry
        assert "*" not in pin.version, entry


def test_every_entry_of_the_lock_carries_hashes():
    """What is installed is what was locked."""
    entries = [
        entry for name in LOCKS for entry in re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    ]
    assert len(entries) > 50
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []


@pytest.mark.parametrize("name", [*LOCKS, "environment.yml"])
def test_no_address_stands_in_the_pins(name):
    """Which index is used is the installer's own configuration."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index|--extra-index|--find-links|file:", text)


def test_every_dependency_of_the_package_is_locked():
    """A dependency that is declared and not locked would be installed at any version."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (entry for entries in project["optional-dependencies"].values() for entry in entries)
    # An extra may bring another extra.
    declared = [*project["dependencies"], *(entry for entry in extras if not entry.startswith("casepool["))]
    pins = pinned(LOCK) | pinned(CLUSTER_LOCK)
    for entry in declared:
        wanted = Requirement(entry)
        (pin,) = pins[wanted.name.lower().replace("_", "-")].specifier
        assert wanted.specifier.contains(pin.version), entry


def test_what_a_cluster_needs_is_locked_beside_the_usual_packages_at_their_versions():
    """Snakemake imports every executor that is installed, at each start; who has no cluster gets none."""
    usual, there = pinned(LOCK), pinned(CLUSTER_LOCK)
    assert [name for name in usual if name.startswith("snakemake-executor-plugin")] == []
    assert {"snakemake-executor-plugin-slurm", "snakemake-executor-plugin-cluster-generic"} <= set(there)
    assert [name for name in usual if name in there and usual[name] != there[name]] == []


def test_the_make_targets_that_the_readme_names_exist():
    """A reader who types them gets what is promised."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        path = ROOT / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        commands = "\n".join(re.findall(r"```.*?\n(.*?)```", text, flags=re.DOTALL) + re.findall(r"`([^`\n]+)`", text))
        named = set(re.findall(r"^\s*(?:\$ )?make ([a-z]+)", commands, flags=re.MULTILINE))
        assert named <= targets


def test_no_secret_machine_or_path_stands_in_the_repository_s_texts():
    """Paths and hosts of one machine help nobody else."""
    texts = [ROOT / "Makefile", ROOT / "README.md", ROOT / "Snakefile", *(ROOT / "workflow").rglob("*.smk")]
    texts += [*(ROOT / "config").glob("*.yaml"), *(ROOT / ".ci").iterdir()]
    for path in texts:
        if path.is_file():
            assert not re.search(r"/(?:home|root|work|Users)/|localhost", path.read_text(encoding="utf-8")), path
