"""What a reader of a joint fit must know before using a number: an id and its numbers, worded elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casepool.stats.joint.data import JointData
from casepool.stats.joint.settings import Settings

FEW = 5


@dataclass(frozen=True)
class Note:
    """One remark on a fit.

    Attributes
    ----------
    id : str
        What is remarked.
    value, limit : float or None
        The number that it is about, and the one that it falls short of.
    """

    id: str
    value: float | None = None
    limit: float | None = None


def data_notes(data: JointData, settings: Settings) -> Iterator[Note]:
    """Yield the notes that follow from the data and the switches of a fit, in a fixed order.

    Parameters
    ----------
    data : JointData
        Counts.
    settings : Settings
        Switches of the fit.
    """
    yield from _identification(data, settings.ratio)
    yield from _open_sides(data)
    yield from _few_diseases(data, settings.min_diseases)
    if settings.use_linkage and settings.ratio is None:
        yield from _linkage(data)
    if settings.clustering > 0 and not data.sources:
        yield Note("clustering_without_sources")


def _identification(data: JointData, ratio: float | None) -> Iterator[Note]:
    complete = sum(data.complete_n)
    if ratio is not None:
        yield Note("ratio_fixed", ratio)
    elif not data.used:
        yield Note("no_data")
    elif complete == 0:
        yield Note("no_complete_source")
    elif complete < FEW:
        yield Note("few_complete_patients", complete, FEW)


def _open_sides(data: JointData) -> Iterator[Note]:
    selective, responders = sum(data.selective_n), sum(data.selective_events)
    complete, complete_responders = sum(data.complete_n), sum(data.complete_events)
    if selective and responders == selective:
        yield Note("all_selective_responded")
    if selective and responders == 0:
        yield Note("no_selective_responded")
    if complete and complete_responders == complete:
        yield Note("all_complete_responded")
    if complete and complete_responders == 0:
        yield Note("no_complete_responded")
    if complete and not selective:
        yield Note("nothing_selective")


def _few_diseases(data: JointData, least: int) -> Iterator[Note]:
    used = data.n_used_diseases
    if data.n_diseases > used:
        yield Note("diseases_without_data", data.n_diseases - used)
    if 0 < used < least:
        yield Note("too_few_diseases", used, least)
    elif least <= used < FEW:
        yield Note("few_diseases", used, FEW)


def _linkage(data: JointData) -> Iterator[Note]:
    if data.linkage is None:
        return
    if data.linkage.is_silent:
        yield Note("linkage_silent")
    elif data.linkage.nonresponders_published < FEW:
        yield Note("few_published_nonresponders", data.linkage.nonresponders_published, FEW)
