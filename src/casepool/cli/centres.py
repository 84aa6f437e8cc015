"""What ``casepool registry centres`` does: read the returns, write letters and page, say where each centre stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.checks.registry import take_in
from casepool.files import atomic
from casepool.project.loading import Project
from casepool.registry.intake.arrivals import note_arrivals
from casepool.registry.intake.centres import Centres, read_centres
from casepool.registry.intake.contacts import read_contacts
from casepool.registry.intake.decisions import read_decisions
from casepool.registry.intake.overview import Trail, centre_views, unattributed
from casepool.registry.intake.reading import returned_files
from casepool.report.centres.letters import write_letters
from casepool.report.centres.lines import centre_lines
from casepool.report.centres.page import DecisionsMade, centres_page

PAGE = Path("results") / "private" / "centres.html"


@dataclass(frozen=True)
class Said:
    """What was written and what is to be said: a text for the terminal, the page, the number of letters."""

    lines: str
    page: Path
    n_letters: int


def tell_centres(project: Project, language: str, today: dt.date, out: Path | None) -> Said:
    """Return where each centre stands; write the page, and letters where a folder is given."""
    settings = project.configuration.registry
    folder = project.folder / settings.dir
    files, centres = returned_files(folder), read_centres(folder)
    arrivals = note_arrivals(folder, files, today)
    intake = take_in(project.folder, settings, project.protocol, last_day=today)
    trail = Trail(files, arrivals, read_contacts(folder), centres, today, settings.remind_after)
    views, others = centre_views(intake, trail), unattributed(intake)
    decided = DecisionsMade(_names(centres), read_decisions(folder))
    page = project.folder / PAGE
    page.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_text(page, centres_page(views, others, decided, language, today))
    letters = write_letters(out, views, language, today) if out is not None else []
    return Said(centre_lines(views, others, language), page, len(letters))


def _names(centres: Centres) -> pd.DataFrame:
    """Return the decisions on names: a name, and the centre that it means."""
    pairs = [(name, centre) for name, centre in sorted(centres.decided.items()) if centres.of(name) != name]
    return pd.DataFrame(pairs, columns=["name", "centre"])
