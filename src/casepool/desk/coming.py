"""What a build has moved, and where each centre of the registry stands (private)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from casepool.checks.registry import take_in
from casepool.desk.workspace import Workspace
from casepool.manuscript import kept
from casepool.manuscript.moved import moved
from casepool.model.errors import CasepoolError
from casepool.registry.intake.arrivals import read_arrivals
from casepool.registry.intake.centres import read_centres
from casepool.registry.intake.contacts import read_contacts
from casepool.registry.intake.overview import Trail, centre_views, unattributed
from casepool.registry.intake.reading import returned_files
from casepool.report.centres.lines import centre_lines


@dataclass(frozen=True)
class Movement:
    """What moved since the build before the last: name, before, after, change, cause; or why nothing can be said."""

    rows: tuple[tuple[str, str, str, str, str], ...]
    said: str = ""


def movement(workspace: Workspace) -> Movement:
    """Return what moved between the last two builds that are kept."""
    language = workspace.language
    try:
        earlier = kept.before(workspace.root)
        if earlier is None:
            return Movement((), workspace.words("no_two_builds"))
        found = moved(earlier, kept.current(workspace.root), language)
    except CasepoolError as error:
        return Movement((), error.text(language))
    rows = tuple((one.name, one.before, one.after, one.change(language), one.cause.text(language)) for one in found)
    return Movement(rows, "" if rows else workspace.words("nothing_moved"))


def has_registry(workspace: Workspace) -> bool:
    """Return whether any centre has returned a form."""
    return bool(returned_files(workspace.root / workspace.project.configuration.registry.dir))


def centres(workspace: Workspace) -> str:
    """Return where each centre stands, as ``casepool registry centres`` says it; nothing is written or noted.

    Raises
    ------
    PrivacyError, CuratedDataError
        If the key is missing, or decisions on centres have problems.
    """
    settings = workspace.project.configuration.registry
    folder, day = workspace.root / settings.dir, dt.datetime.now().astimezone().date()
    intake = take_in(workspace.root, settings, workspace.protocol, last_day=day)
    files, known = returned_files(folder), read_centres(folder)
    trail = Trail(files, read_arrivals(folder), read_contacts(folder), known, day, settings.remind_after)
    return centre_lines(centre_views(intake, trail), unattributed(intake), workspace.language)
