"""All texts of a build in one language."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casepool.model.configuration import Configuration
from casepool.model.protocol import Protocol
from casepool.report.page.facts import facts_of
from casepool.report.prose.methods import methods
from casepool.report.prose.results import abstract, results
from casepool.report.prose.text import Build, Text


def texts_of(
    frames: Mapping[str, pd.DataFrame],
    protocol: Protocol,
    configuration: Configuration,
    version: str,
    language: str,
    search_origin: str,
    packages: Mapping[str, str],
) -> list[Text]:
    """Return methods, results and abstract.

    Parameters
    ----------
    frames : the tables of `ProseMaterial`.
    protocol : its diseases named by what they hold.
    packages : name → version of what can move a result.
    """
    facts = facts_of(frames, protocol, configuration, version, language, search_origin)
    build = Build(facts, configuration, frames["screening_agreement"], frames["grade"], dict(packages))
    return [methods(build), results(build), abstract(build)]
