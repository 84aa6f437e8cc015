"""`casepool registry publish`: what left the machine is written down once, and what may not leave is told."""

from __future__ import annotations

import json
import shutil
import stat

import invented
import pytest
from registry_attacks import public_bytes, registry_case, released
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.files import store
from casepool.model.errors import PrivacyError
from casepool.registry.release.published import Ledger, ledger_file, read_ledger, write
from casepool.registry.release.rule import Rule

RULE = Rule(11)


def patients(*sizes: int):
    """Return SYNTHETIC patients of centres of these sizes."""
    numbers = [(place, 100 * place + one) for place, size in enumerate(sizes) for one in range(size)]
    rows = [registry_case(number, report_id=f"registry-c{place}") for place, number in numbers]
    rows.append(registry_case(900, report_id="registry-c0", disease="sle"))
    return {row["case_id"]: row for row in rows}


@pytest.fixture
def project(tmp_path):
    """Return a project whose last build has a total of 20 patients, and a patient in none."""
    shutil.copytree(invented.ROOT / "config", tmp_path / "config")
    (tmp_path / "data" / "raw" / "registry").mkdir(parents=True)
    build(tmp_path, 5, 5, 5, 5)
    return tmp_path


def build(project, *sizes: int):
    """Make what the workflow makes of the patients of these centres, and of the ledger."""
    results, ledger = project / "results", read_ledger(ledger_file(project / "data" / "raw" / "registry"))
    outcome = released(patients(*sizes), RULE, ledger)
    store.write_table("cases", outcome.cases, results / "tables" / "cases.csv")
    store.write_table("registry_withheld", outcome.withheld, results / "private" / "withheld.csv")
    write(ledger, results / "private" / "published.json")
    write(outcome.published, results / "private" / "release.json")
    return outcome


def said(project, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["registry", "publish", "--folder", str(project), *options])
    return result.exit_code, result.output


def ledger_of(project) -> Ledger:
    return read_ledger(ledger_file(project / "data" / "raw" / "registry"))


def test_what_is_shown_is_told_with_what_is_withheld_and_why(project):
    code, output = said(project, "--show")
    assert code == 0
    assert "registry_complete/itp: 20 patients of 4 centres" in output
    assert "registry_complete/sle: 1 unpublished patient, centres: 1; too_few" in output
    assert ledger_of(project).releases == ()
    french = said(project, "--show", "--lang", "fr")[1]
    assert "registry_complete/itp : 20 patients de 4 centres" in french
    assert "trop peu de patients non publiés" in french


def test_a_release_is_written_down_once_for_its_owner_alone(project):
    assert "Written down" in said(project)[1]
    assert "Nothing new" in said(project)[1]
    (release,) = ledger_of(project).releases
    assert list(release.totals) == ["registry_complete/itp"]
    assert len(release.members) == 20
    path = ledger_file(project / "data" / "raw" / "registry")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_patient_of_no_total_is_not_in_the_ledger(project):
    said(project)
    assert f"registry/{900:012x}" not in ledger_file(project / "data" / "raw" / "registry").read_text(encoding="utf-8")


def test_a_build_after_a_publication_shows_the_same_bytes_and_has_nothing_new(project):
    before = public_bytes(build(project, 5, 5, 5, 5))
    said(project)
    assert public_bytes(build(project, 5, 5, 5, 5)) == before
    assert "Nothing new" in said(project)[1]


def test_a_total_that_stays_is_told_and_adds_nothing_to_the_ledger(project):
    said(project)
    build(project, 6, 5, 5, 5)
    code, output = said(project, "--lang", "fr")
    assert code == 0
    assert "le total déjà publié reste" in output
    assert "registry_complete/itp : 20 patients" in output
    assert len(ledger_of(project).releases) == 1


def test_a_larger_release_is_added_behind_the_first(project):
    said(project)
    build(project, 9, 9, 9, 9)
    assert "Written down" in said(project)[1]
    assert [one.totals["registry_complete/itp"]["n_treated"] for one in ledger_of(project).releases] == [20, 36]


def test_results_of_another_build_are_not_published(project):
    outcome = released(patients(9, 9, 9, 9), RULE)
    store.write_table("cases", outcome.cases, project / "results" / "tables" / "cases.csv")
    result = CliRunner().invoke(app, ["registry", "publish", "--folder", str(project)])
    assert result.exit_code != 0
    assert ledger_of(project).releases == ()


def test_a_damaged_ledger_stops_and_quotes_nothing(project):
    said(project)
    path = ledger_file(project / "data" / "raw" / "registry")
    content = json.loads(path.read_text(encoding="utf-8"))
    content["releases"][0]["members"]["registry/000000000001"]["protected"] = "secret-value"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PrivacyError, match="can no longer be read") as told:
        read_ledger(path)
    assert "secret-value" not in str(told.value)


def test_the_ledger_is_no_return(project):
    said(project)
    result = CliRunner().invoke(app, ["registry", "status", "--folder", str(project)])
    assert "No return" in result.output
