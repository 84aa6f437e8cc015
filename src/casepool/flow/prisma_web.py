"""The table that the PRISMA2020 web tool reads (``results/screening/PRISMA.csv``).

The tool tells databases and registers from other methods (here: websites), and the studies of the
previous version from new ones; it has no box for records that wait, nor for those of other methods that are merged or
screened. Its package 1.1 stops where a row is missing that it asks for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from casepool.flow.boxes import box_reasons, box_total
from casepool.model.vocabulary import Arm, label

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
_NONE = "NA"
_PARTING = re.compile(r"\s*[,;]\s*")  # would end a name of the tool
# (data, node, box, text): the ids by which the tool knows its boxes.
_BOXES = (
    (_NONE, "node4", "prevstud", "Previous studies"),
    ("previous_studies", "node5", "box1", "Studies included in previous version of review"),
    ("previous_reports", _NONE, "box1", "Reports of studies included in previous version of review"),
    (_NONE, "node6", "newstud", "Identification of new studies via databases and registers"),
    ("database_results", "node7", "box2", "Databases"),
    ("database_specific_results", _NONE, "box2", "Specific Databases"),
    ("register_results", _NONE, "box2", "Registers"),
    ("register_specific_results", _NONE, "box2", "Specific Registers"),
    (_NONE, "node16", "othstud", "Identification of new studies via other methods"),
    ("website_results", "node17", "box11", "Websites"),
    ("organisation_results", _NONE, "box11", "Organisations"),
    ("citations_results", _NONE, "box11", "Citation searching"),
    ("duplicates", "node8", "box3", "Duplicate records"),
    ("excluded_automatic", _NONE, "box3", "Records marked as ineligible by automation tools"),
    ("excluded_other", _NONE, "box3", "Records removed for other reasons"),
    ("records_screened", "node9", "box4", "Records screened"),
    ("records_excluded", "node10", "box5", "Records excluded"),
    ("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval"),
    ("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved"),
    ("other_sought_reports", "node18", "box12", "Reports sought for retrieval"),
    ("other_notretrieved_reports", "node19", "box13", "Reports not retrieved"),
    ("dbr_assessed", "node13", "box8", "Reports assessed for eligibility"),
    ("dbr_excluded", "node14", "box9", "Reports excluded"),
    ("other_assessed", "node20", "box14", "Reports assessed for eligibility"),
    ("other_excluded", "node21", "box15", "Reports excluded"),
    ("new_studies", "node15", "box10", "New studies included in review"),
    ("new_reports", _NONE, "box10", "Reports of new included studies"),
    ("total_studies", "node22", "box16", "Total studies included in review"),
    ("total_reports", _NONE, "box16", "Reports of total included studies"),
    ("total_studies_ma", "node23", "box17", "Total studies included in meta-analysis"),
    ("total_reports_ma", _NONE, "box17", "Reports of total included studies in meta-analysis"),
    ("identification", "node1", "identification", "Identification"),
    ("screening", "node2", "screening", "Screening"),
    ("included", "node3", "included", "Included"),
)


def prisma_web(boxes: pd.DataFrame) -> pd.DataFrame:
    """Return the table of the web tool: a view of the stage table ``prisma_counts``, which counts everything."""
    other, databases = Arm.OTHER, Arm.DATABASES
    counts: dict[str, object] = {
        "database_results": box_total(boxes, "records_database"),
        "database_specific_results": _listed(box_reasons(boxes, "records_database")),
        "register_results": box_total(boxes, "records_register"),
        "register_specific_results": _listed(box_reasons(boxes, "records_register")),
        "website_results": box_total(boxes, "records_website") - box_total(boxes, "duplicates_removed", other),
        "duplicates": box_total(boxes, "duplicates_removed", databases),
        "records_screened": box_total(boxes, "records_screened", databases),
        "records_excluded": box_total(boxes, "records_excluded", databases),
        **_reports("dbr", boxes, databases),
        **_reports("other", boxes, other),
        **_studies(boxes),
        "total_studies_ma": box_total(boxes, "studies_analysed"),
        "total_reports_ma": box_total(boxes, "reports_analysed"),
    }
    waiting = {"records_screened": databases, "website_results": other}
    notes = {box: _waiting(box_total(boxes, "records_to_screen", arm)) for box, arm in waiting.items()}
    rows = [(*box, *_texts(box, notes.get(box[0], "")), counts.get(box[0], 0)) for box in _BOXES]
    return pd.DataFrame([(*row[:3], *row[4:]) for row in rows], columns=list(COLUMNS))


def _reports(kind: str, boxes: pd.DataFrame, arm: Arm) -> Mapping[str, object]:
    reasons = box_reasons(boxes, "reports_excluded", arm)
    told = _listed({label(reason, "en"): n for reason, n in sorted(reasons.items())})
    return {
        f"{kind}_sought_reports": box_total(boxes, "reports_sought", arm),
        f"{kind}_notretrieved_reports": box_total(boxes, "reports_not_retrieved", arm),
        f"{kind}_assessed": box_total(boxes, "reports_assessed", arm),
        f"{kind}_excluded": told,
    }


def _listed(numbers: Mapping[str, int]) -> str | int:
    """Return names and numbers as the tool reads them (``PubMed, 14; embase, 30``); it takes 0 for none."""
    return "; ".join(f"{_PARTING.sub(' / ', name)}, {n}" for name, n in numbers.items()) or 0


def _waiting(n: int) -> str:
    """Return what is said in a box while records wait: the tool has no box for them, and they are not removed."""
    return f" so far; {n} more wait for screening" if n else ""


def _studies(boxes: pd.DataFrame) -> Mapping[str, object]:
    """Return previous, new and all studies; on a first search all are new."""
    total = {kind: box_total(boxes, f"{kind}_included") for kind in ("studies", "reports")}
    update = "previous_records" in set(boxes["box"])
    previous = {kind: box_total(boxes, f"previous_{kind}") if update else 0 for kind in total}
    return {
        **{f"previous_{kind}": n for kind, n in previous.items()},
        **{f"new_{kind}": n - previous[kind] for kind, n in total.items()},
        **{f"total_{kind}": n for kind, n in total.items()},
    }


def _texts(box: tuple[str, str, str, str], note: str) -> tuple[str, str, str, str]:
    """Return description, text in the box, tooltip and address of a box."""
    text = f"{box[3]}{note}"
    named = box[1] != _NONE
    page = box[2] if box[0] == _NONE else box[0]
    return text, text, text if named else _NONE, f"{page}.html" if named else _NONE
