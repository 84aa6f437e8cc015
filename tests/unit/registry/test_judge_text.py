"""`casepool registry judge-text`: the verdict on each line of a file, without the line."""

from __future__ import annotations

from typer.testing import CliRunner

from casepool.cli.main import app

LINES = ["Mme Dupont va bien", "idem Dupont", "RC à M3", "", "06 12 34 56 78"]


def test_each_line_gets_a_verdict_and_its_kinds_and_is_not_repeated(tmp_path):
    (tmp_path / "a.txt").write_text("\n".join(LINES) + "\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["registry", "judge-text", str(tmp_path / "a.txt"), "--lang", "fr"])
    assert result.exit_code == 0
    assert result.output.split("\n") == ["refuse\tnom", "wait\tnom", "fine", "fine", "refuse\ttéléphone", ""]
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
