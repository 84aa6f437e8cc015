"""Checked counts as the input of the own and of the pooled model."""

from __future__ import annotations

from casepool.counts_file.table import Counts
from casepool.stats.joint.data import JointData, Linkage, Source
from casepool.stats.own.data import Kind, OwnData, OwnSource

_TOTALS = ("complete_response", "complete_n", "selective_response", "selective_n")
_LINKED = ("registry_response_n", "registry_response_published", "registry_none_n", "registry_none_published")


def diseases_of(counts: Counts) -> tuple[str, ...]:
    """Return the diseases in the order in which they are first named."""
    return tuple(dict.fromkeys(counts["disease"]))


def own_data(counts: Counts) -> OwnData:
    """Return the sources as the own model takes them; where only totals are known, each of the two is one source."""
    diseases = diseases_of(counts)
    place = {name: position for position, name in enumerate(diseases)}
    if counts.by_source:
        columns = ("disease", "ascertainment", "response", "n")
        centres = counts["centres"] if "centres" in counts else [1] * len(counts)
        rows = zip(counts.rows(*columns), centres, strict=True)
        sources = [OwnSource(place[name], Kind(kind), x, n, m) for (name, kind, x, n), m in rows]
    else:
        sources = [
            source
            for name, *totals in counts.rows("disease", *_TOTALS)
            for source in (
                OwnSource(place[name], Kind.COMPLETE, *totals[:2]),
                OwnSource(place[name], Kind.SELECTIVE, *totals[2:]),
            )
        ]
    told = counts.rows("disease", *_LINKED) if counts.linked else []
    linkage = [(place[name], Linkage(*numbers)) for name, *numbers in told]
    return OwnData(len(diseases), sources, linkage)


def joint_data(counts: Counts) -> JointData:
    """Return the counts as the pooled model takes them; the patients of a registry come from many centres."""
    linkage = Linkage(*(sum(counts[column]) for column in _LINKED)) if counts.linked else None
    if not counts.by_source:
        events, n, chosen, chosen_n = (counts[column] for column in _TOTALS)
        return JointData(events, n, chosen, chosen_n, linkage)
    place = {name: position for position, name in enumerate(diseases_of(counts))}
    rows = counts.rows("disease", "ascertainment", "response", "n")
    sources = [(kind, Source(place[name], kind != Kind.SELECTIVE, x, n)) for name, kind, x, n in rows]
    alike = [source for kind, source in sources if kind != Kind.REGISTRY]
    apart = [source for kind, source in sources if kind == Kind.REGISTRY]
    return JointData.of_sources(len(place), alike, apart=apart, linkage=linkage)
