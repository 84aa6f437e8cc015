"""What a reader of a joint fit must be told, from its data and settings."""

from __future__ import annotations

from casepool.stats.joint.data import JointData
from casepool.stats.joint.settings import Settings

FEW = 5


def data_warnings(data: JointData, settings: Settings) -> tuple[str, ...]:
    """Return warnings in a fixed order, each one sentence.

    Parameters
    ----------
    data : JointData
        Counts.
    settings : Settings
        Switches of the fit.
    """
    found = _identification(data, settings.ratio)
    found += _open_sides(data)
    found += _few_diseases(data, settings.min_diseases)
    if settings.use_linkage and settings.ratio is None:
        found += _linkage(data)
    if settings.clustering > 0 and not data.sources:
        found.append("clustering has no effect: no source with several patients was given")
    return tuple(found)


def _identification(data: JointData, ratio: float | None) -> list[str]:
    complete = sum(data.complete_n)
    if ratio is not None:
        return [f"the reporting ratio is fixed at {ratio:g}: an assumption, not an estimate"]
    if not data.used:
        return ["no disease has data: every number is the prior"]
    if complete == 0:
        return [
            "no source with complete ascertainment: "
            "level and reporting ratio cannot be separated, and no corrected rate is given"
        ]
    found = []
    if complete < FEW:
        found.append(f"completely ascertained patients: {complete}; the level rests on fewer than {FEW}")
    return found


def _open_sides(data: JointData) -> list[str]:
    found = []
    selective, responders = sum(data.selective_n), sum(data.selective_events)
    complete, complete_responders = sum(data.complete_n), sum(data.complete_events)
    if selective and responders == selective:
        found.append(
            "every selectively reported patient responded: the upper limit of the reporting ratio is set by the prior"
        )
    if selective and responders == 0:
        found.append(
            "no selectively reported patient responded: the lower limit of the reporting ratio is set by the prior"
        )
    if complete and complete_responders in (0, complete):
        which = "every" if complete_responders else "no"
        found.append(f"{which} completely ascertained patient responded: one side of the level is open")
    if complete and not selective:
        found.append("no selectively reported patient: the reporting ratio is the prior")
    return found


def _few_diseases(data: JointData, least: int) -> list[str]:
    used = data.n_used_diseases
    empty = data.n_diseases - used
    found = []
    if empty:
        noun = "disease has" if empty == 1 else "diseases have"
        found.append(f"{empty} {noun} no data: nothing is known beyond the prediction for a new disease")
    if 0 < used < least:
        found.append(f"fewer than {least} diseases: no overall rate, heterogeneity or prediction interval")
    elif least <= used < FEW:
        found.append(f"only {used} diseases: heterogeneity and the prediction interval rest on the prior")
    return found


def _linkage(data: JointData) -> list[str]:
    if data.linkage is None:
        return []
    if data.linkage.is_silent:
        return ["publication inside the registry carries no information: term dropped"]
    if data.linkage.nonresponders_published < FEW:
        both = data.linkage.nonresponders_published
        return [f"published non-responders in the registry: {both}; fewer than {FEW} make the linkage weak"]
    return []
