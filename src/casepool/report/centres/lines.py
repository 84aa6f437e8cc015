"""The centres on the coordinator's terminal: a line for each, then who is to be reminded."""

from __future__ import annotations

from collections.abc import Sequence

from casepool.model.message import Message, text
from casepool.registry.intake.overview import CentreView


def centre_lines(views: Sequence[CentreView], without_centre: Sequence[str], language: str) -> str:
    """Return a line for each centre, the reminders that are due, and the files that nobody can be asked about yet."""
    if not views and not without_centre:
        return text(Message("no_return"), language)
    lines = [text(_line(view), language) for view in views]
    due = [text(reminder(view), language) for view in views if view.is_due]
    for heading, items in ((Message("reminders_due"), due), (Message("files_without_centre"), list(without_centre))):
        lines += ["", text(heading, language), *(f"  {item}" for item in items)] if items else []
    return "\n".join(lines)


def reminder(view: CentreView) -> Message:
    """Return since when a centre is silent."""
    if view.days is None or view.last_contact is None:
        return Message("never_contacted", centre=view.name)
    return Message("silent_since", centre=view.name, n=view.days, day=view.last_contact.isoformat())


def number(value: int | None) -> str:
    """Return a number, a dash where it is not known."""
    return "–" if value is None else str(value)


def verdict(view: CentreView) -> Message:
    """Return whether a centre is complete, and why not."""
    return Message("centre_is_complete") if view.is_complete else Message("centre_is_not", lacks=view.lacking)


def _line(view: CentreView) -> Message:
    return Message(
        "centre_line",
        centre=view.name,
        treated=number(view.n_treated),
        reported=number(view.n_reported),
        accepted=view.n_accepted,
        waiting=view.n_waiting,
        objected=view.n_objected,
        verdict=verdict(view),
        last=view.files[-1].first_seen if view.files else nothing_noted(view),
    )


def nothing_noted(view: CentreView) -> Message:
    """Return what stands where no day is noted: a centre has sent nothing, or no build has noted its files yet."""
    has_rows = any((view.n_reported, view.n_accepted, view.n_waiting, view.n_objected))
    return Message("arrival_not_noted") if has_rows else Message("never")
