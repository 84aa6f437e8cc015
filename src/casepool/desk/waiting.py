"""What waits for the reader: five counts, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casepool.desk.entering import publication_name
from casepool.desk.identities import open_pairs
from casepool.desk.literature import queue
from casepool.desk.problems import problems
from casepool.desk.second import open_reading
from casepool.desk.versions import changes, has_versions
from casepool.desk.workspace import Workspace
from casepool.model.vocabulary import ScreeningDecision, Stage
from casepool.typing import Row


@dataclass(frozen=True)
class Place:
    """A page: name of its route and the values of its address."""

    route: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Count:
    """A number of things that wait, and where they are done."""

    id: str
    n: int
    place: Place


@dataclass(frozen=True)
class Step:
    """What to do next: a sentence, the words of the button, and where."""

    said: str
    button: str
    place: Place


@dataclass(frozen=True)
class Home:
    """What the first page shows."""

    counts: tuple[Count, ...]
    step: Step
    unfinished: tuple[tuple[str, str], ...]


def home(workspace: Workspace) -> Home:
    """Return what waits in the project, and the step to take next."""
    found = problems(workspace)
    open_reports = unfinished(workspace)
    titles, texts = (queue(workspace, stage) for stage in (Stage.TITLE_ABSTRACT, Stage.FULL_TEXT))
    counts = (
        Count("problems", len(found), Place("checking.show", {})),
        Count("titles", len(titles), Place("screening.next_one", {"stage": Stage.TITLE_ABSTRACT})),
        Count("texts", len(texts), Place("screening.next_one", {"stage": Stage.FULL_TEXT})),
        Count("to_extract", len(open_reports), Place("publications.index", {"only": "open"})),
        Count("pairs", len(open_pairs(workspace)), Place("identity.show", {})),
    )
    return Home(counts, _step(workspace, counts, open_reports), _drafts(workspace))


def unfinished(workspace: Workspace) -> list[str]:
    """Return the reports whose reading was begun and is not finished, or that count and lack rows or an appraisal."""
    curated = workspace.curated()
    waits = {key[0] for rows in curated.waiting.values() for _, key in rows}
    with_rows = {*curated["patients"]["report_id"], *curated["cohorts"]["report_id"]}
    appraised = set(curated["appraisal"]["report_id"])
    found = []
    for row in workspace.rows("reports"):
        report, decision = str(row["report_id"]), row["decision"]
        begun = report in waits | with_rows | appraised
        complete = report not in waits and report in with_rows and report in appraised
        if (decision == ScreeningDecision.INCLUDE and not complete) or (
            decision == ScreeningDecision.AWAITING and begun
        ):
            found.append(report)
    return found


def _step(workspace: Workspace, counts: tuple[Count, ...], open_reports: list[str]) -> Step:
    """Return the first thing that waits, in the order in which work is lost if it is left."""
    words = workspace.words
    if not workspace.reader:
        return Step(words("step_who"), words("button_who"), Place("home.who", {}))
    by_id = {one.id: one for one in counts}
    if open_reports:
        name = publication_name(workspace, open_reports[0])
        place = Place("publications.one", {"report": open_reports[0]})
        return Step(words("step_extract", name=name), words("button_extract"), place)
    n_changed = len(changes(workspace).rows) if has_versions(workspace) else 0
    version = Count("version", n_changed, Place("checking.version", {}))
    for one in (by_id["problems"], version, by_id["titles"], by_id["texts"], by_id["pairs"]):
        if one.n:
            return Step(words(f"step_{one.id}", n=one.n), words(f"button_{one.id}"), one.place)
    return Step(words("step_add"), words("button_add"), Place("adding.show", {}))


def _drafts(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """Return the forms that were begun and not saved: what they are, and the path of their page."""
    found = []
    for one in workspace.private.drafts():
        key = [str(part) for part in one["key"]]
        name = f"{publication_name(workspace, key[0])} · {' · '.join(key[1:])}"
        path = f"/new/{one['table']}/{key[0]}" if one["new"] else f"/row/{one['table']}/{'/'.join(key)}"
        mine = "?mine=1" if one["mine"] else ""
        if not mine or open_reading(workspace, key[0]):
            found.append((workspace.words(f"draft_{one['table']}", name=name), path + mine))
    return tuple(found)


def reports_of(workspace: Workspace) -> list[Row]:
    """Return every report, newest first, then by name."""
    rows = workspace.rows("reports")
    return sorted(rows, key=lambda row: (-(row["year"] or 0), str(row["report_id"])))
