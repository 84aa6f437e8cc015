"""The data contract: every table, its key, columns and rules."""

from __future__ import annotations

from casepool.contract.columns import Column, Rule, Table
from casepool.contract.curated import CURATED
from casepool.contract.literature import SOURCES
from casepool.contract.readings import BESIDE_READINGS
from casepool.contract.registry import BESIDE_RETURNS
from casepool.contract.stages import STAGES

TABLES: dict[str, Table] = {
    table.name: table for table in (*CURATED, *BESIDE_READINGS, SOURCES, *BESIDE_RETURNS, *STAGES)
}

__all__ = ["CURATED", "SOURCES", "STAGES", "TABLES", "Column", "Rule", "Table"]
