"""Pages of docs/ that are made from others: the index of decisions, the reference of the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from casepool.cli.main import app

ROOT = Path(__file__).resolve().parent.parent
DECISIONS = ROOT / "docs" / "decisions"
END_OF_INDEX = "<!-- End of the generated index. -->"
_FIELD = re.compile(r"^- (Topic|Date|Status): (.+)$", re.MULTILINE)

_DECISIONS_HEAD = """# Decisions

What was decided, and why, where the question was open: one record for each, generated into this index by `make
generated`. A record says what was decided, why, and what was rejected; where a part is missing, nothing was recorded. A
decision that is taken anew becomes a new record, and the old one names it under "Status".
"""

_CLI_HEAD = """# Command line

Generated from the program by `make generated`; do not edit. `--help` behind any command prints the same. Exit status: 0
fine; 1 problems found in the data; 2 wrong use.
"""


def decisions_page() -> str:
    """Return docs/decisions.md: the records by topic; what stands below the index is kept as it is."""
    kept = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8").partition(END_OF_INDEX)[2]
    topics: dict[str, list[str]] = {}
    for path in sorted(DECISIONS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        told = dict(_FIELD.findall(text))
        number, title = text.partition("\n")[0].removeprefix("# ").split(". ", 1)
        line = f"| {number} | [{title}](decisions/{path.name}) | {told['Date']} | {_status(told['Status'])} |"
        topics.setdefault(told["Topic"], []).append(line)
    lines = [_DECISIONS_HEAD]
    for topic, rows in topics.items():
        lines += [f"## {topic}\n", "| record | decision | date | status |", "| --- | --- | --- | --- |", *rows, ""]
    return "\n".join(lines) + f"\n{END_OF_INDEX}{kept}"


def _status(text: str) -> str:
    """Return the status as it stands in the index: a record is one folder further down."""
    return text.replace("](", "](decisions/")


def cli_page() -> str:
    """Return docs/cli.md: every command with its arguments and options."""
    lines = [_CLI_HEAD]
    for name, command in commands(typer.main.get_command(app), "casepool"):
        lines += [f"## `{name}`", "", _sentences(command.help), "", "```text", _usage(name, command), "```", ""]
        context = command.context_class(command)
        rows = [_parameter(one, context) for one in command.params if one.name != "help"]
        if rows:
            lines += ["| argument or option | what |", "| --- | --- |", *rows, ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, with the words that call it."""
    if not hasattr(command, "commands"):
        yield name, command
        return
    for word, one in command.commands.items():
        if not one.hidden:
            yield from commands(one, f"{name} {word}")


def _usage(name: str, command: Any) -> str:
    return " ".join([name, *command.collect_usage_pieces(command.context_class(command))])


def _parameter(one: Any, context: Any) -> str:
    name, what = one.get_help_record(context)
    return f"| `{_cell(name)}` | {_cell(_sentences(what))} |"


def _sentences(text: str | None) -> str:
    return " ".join((text or "").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
