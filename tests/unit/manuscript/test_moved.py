"""What moved between two builds, and because of which records; all records are SYNTHETIC."""

from __future__ import annotations

import json

import pytest
from small_build import SOURCES, results_of
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.manuscript import kept
from casepool.manuscript.kept import KEPT, State, current, found, keep
from casepool.manuscript.moved import in_short, moved
from casepool.manuscript.records import Change, Record, changed_records
from casepool.model.errors import FileError

CHANGED = SOURCES | {"synthetic2021": ("itp", 14, 26)}
ADDED = SOURCES | {"synthetic2024": ("sle", 0, 4)}


def state(sources, **made_of) -> State:
    """Return the state of a build of these sources."""
    return State(results_of(sources), made_of=made_of)


def causes(before: State, after: State, language: str = "en") -> dict[str, str]:
    """Return number → what moved it."""
    return {one.name: one.cause.text(language) for one in moved(before, after, language)}


def test_a_changed_an_added_and_a_removed_record_are_told_apart():
    """By the checksum of what each says."""
    after = {name: one for name, one in (CHANGED | ADDED | CHANGED).items() if name != "synthetic2020"}
    assert changed_records(state(SOURCES), state(after)) == (
        Record("synthetic2020", "itp", Change.REMOVED),
        Record("synthetic2021", "itp", Change.CHANGED),
        Record("synthetic2024", "sle", Change.ADDED),
    )


def test_one_record_is_named_with_what_it_moved_and_by_how_much():
    """A number of another disease did not move and is not named."""
    lines = [one.line("en") for one in moved(state(SOURCES), state(CHANGED), "en")]
    assert lines[0].startswith("any_response.itp.raw: 52%\u00a0(32–71) → 56%\u00a0(35–75)")
    assert lines[0].endswith("by +3.7 points  synthetic2021 (changed)")
    assert not [line for line in lines if "sle" in line]


def test_several_records_that_changed_at_once_are_named_together():
    """No build parts what each did."""
    both = CHANGED | {"synthetic2020": ("itp", 1, 2)}
    assert causes(state(SOURCES), state(both))["any_response.itp.raw"] == (
        "together: synthetic2020 (changed), synthetic2021 (changed)"
    )


def test_a_number_that_moved_without_a_record_of_its_own_says_so():
    """Through the model that joins diseases, or because of the configuration."""
    before, after = state(SOURCES, configuration="1"), state(SOURCES, configuration="2")
    row = next(one for one in after.results["results"] if one["disease"] == "sle")
    row["value"] -= 0.1
    assert causes(before, after)["any_response.sle.raw"] == "no record; otherwise than before: configuration"
    after.results["sources"] = results_of(CHANGED)["sources"]
    assert causes(before, after)["any_response.sle.raw"] == "through the other diseases: synthetic2021 (changed)"


def test_a_number_that_came_or_went_is_told_too():
    """With a dash for what is not there."""
    fewer = {name: one for name, one in SOURCES.items() if one[0] != "itp"}
    lines = {one.name: one.line("fr") for one in moved(state(SOURCES), state(fewer), "fr")}
    assert "→ –" in lines["any_response.itp.raw"]


def test_registry_totals_are_moved_by_the_registry_and_by_no_patient():
    """Released totals stand under one name."""
    totals = SOURCES | {"registry_complete": ("itp", 12, 20)}
    cause = causes(state(SOURCES), state(totals), "fr")["any_response.itp.raw"]
    assert "registre" in cause.lower()


def test_a_results_file_of_an_earlier_version_names_who_came_or_went():
    """It has no checksums: what changed inside a record is not known of it."""
    before, after = state(SOURCES), state(ADDED)
    del before.results["sources"]
    assert changed_records(before, after) == (Record("synthetic2024", "sle", Change.ADDED),)


def test_builds_are_kept_once_and_found_by_commit_data_folder_and_file(built):
    """The last that differs is what a diff compares with."""
    root = built()
    keep(root)
    keep(root)
    first = current(root)
    assert kept.before(root) is None
    built(CHANGED)
    assert kept.before(root) == first
    keep(root)
    assert len(list((root / KEPT).iterdir())) == 2
    assert kept.before(root) == first
    assert found("c0ffee", root) == current(root)
    assert found(first.data, root) == first
    assert found(str(root)) == found(str(root / "results")) == current(root)
    assert found(str(root / "results" / "results.json")).results == current(root).results
    with pytest.raises(FileError, match="deadbeef: found no such folder, file or kept build"):
        found("deadbeef", root)


def test_only_the_last_builds_are_kept(built, monkeypatch):
    """A project of years does not fill a disk."""
    monkeypatch.setattr(kept, "_MOST", 2)
    root = built()
    for n in range(4):
        results = results_of(SOURCES | {"synthetic2021": ("itp", n, 26)})
        (root / "results" / "results.json").write_text(json.dumps(results), encoding="utf-8")
        keep(root)
    assert [path.name.partition("_")[0] for path in sorted((root / KEPT).iterdir())] == ["0003", "0004"]


def test_a_build_that_ends_says_in_short_what_moved(built):
    """Nothing where it is the first, or made the same."""
    root = built()
    assert in_short(root, "fr") == []
    keep(root)
    assert in_short(root, "fr") == []
    built(CHANGED)
    heading, *lines = in_short(root, "fr")
    assert heading == "2 nombres ont bougé :"
    assert "synthetic2021 (modifié)" in lines[0]


def test_the_command_prints_what_moved_and_writes_it_as_table_and_page(built, tmp_path):
    """In the language that is asked for."""
    root = built()
    keep(root)
    built(CHANGED)
    for name in ("moved.csv", "moved.html"):
        done = CliRunner().invoke(app, ["diff", "--folder", str(root), "--lang", "fr", "--out", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        assert "synthetic2021 (modifié)" in (tmp_path / name).read_text(encoding="utf-8-sig")
    assert "2 nombres ont bougé" in done.output


def test_without_an_earlier_build_the_command_says_so(built):
    """It is no fault."""
    done = CliRunner().invoke(app, ["diff", "--folder", str(built())])
    assert done.exit_code == 0
    assert "No earlier build" in done.output


def test_a_kept_build_holds_no_case_that_results_do_not_name(built):
    """What is kept is what is public."""
    root = built()
    keep(root)
    assert current(root).results == json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
