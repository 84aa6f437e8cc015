"""The tables that the stages of the workflow pass on (``results/tables/``)."""

from __future__ import annotations

from casepool.contract.cases import (
    CANDIDATE_PAIRS,
    CASES,
    COUNTS,
    OPEN_QUESTIONS,
    STUDY_COUNTS,
    TOLD_WHERE,
    UNIQUE_PATIENTS,
)
from casepool.contract.estimates import (
    CHARACTERISTICS,
    DIAGNOSTICS,
    FILED_UNDER,
    MODERATORS,
    ORIGINS,
    SAFETY,
    SENSITIVITY,
    SIMULATION,
    SIMULATION_SUMS,
    SMALL_STUDY,
    TIMES,
)
from casepool.contract.literature import (
    CITATION_PAIRS,
    MERGES,
    NEW_RECORDS,
    NOTICES,
    PRISMA_COUNTS,
    RECORDS,
    SCREENING_AGREEMENT,
    SCREENING_CONFLICTS,
    SCREENING_STATE,
    SEARCH_RECALL,
    SEARCH_UPDATE,
)
from casepool.contract.registry import REGISTRY_TABLES
from casepool.contract.results import RESULTS

STAGES = (
    RECORDS,
    MERGES,
    CITATION_PAIRS,
    SEARCH_UPDATE,
    NEW_RECORDS,
    SEARCH_RECALL,
    NOTICES,
    SCREENING_AGREEMENT,
    SCREENING_CONFLICTS,
    SCREENING_STATE,
    PRISMA_COUNTS,
    CASES,
    CANDIDATE_PAIRS,
    UNIQUE_PATIENTS,
    TOLD_WHERE,
    OPEN_QUESTIONS,
    STUDY_COUNTS,
    COUNTS,
    ORIGINS,
    FILED_UNDER,
    CHARACTERISTICS,
    SAFETY,
    SENSITIVITY,
    DIAGNOSTICS,
    MODERATORS,
    TIMES,
    SMALL_STUDY,
    SIMULATION_SUMS,
    SIMULATION,
    RESULTS,
    *REGISTRY_TABLES,
)
