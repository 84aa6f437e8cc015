"""What the analyses of sensitivity are made of, read from the files of a build."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from casepool.extraction.curated import read_tables
from casepool.files import store
from casepool.model.configuration import Pooling
from casepool.model.protocol import Protocol
from casepool.sensitivity.variants import Material


def read_material(files: Mapping[str, str | Path], protocol: Protocol, pooling: Pooling) -> Material:
    """Return the material for every analysis.

    Parameters
    ----------
    files : the curated tables by name, and ``cases``, ``links`` and ``linkage`` of the stages before.
    """
    names = ("identity_decisions", "cumulative_incidences", "reading_list", "corrections")
    curated = read_tables({name: files[name] for name in names})
    stages = {"cases": "cases", "registry_links": "links", "registry_linkage": "linkage"}
    cases, links, linkage = (store.read_table(name, files[key]) for name, key in stages.items())
    decisions = store.stack("identity_decisions", curated["identity_decisions"], links)
    others = (curated["cumulative_incidences"], curated["reading_list"], linkage, protocol.outcomes[0].id)
    return Material(cases, decisions, *others, pooling.level)
