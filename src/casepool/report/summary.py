"""What a build made and what waits for a human: the summary for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casepool.flow.boxes import box_total
from casepool.report.words.catalogue import Catalogue


def summary(
    frames: Mapping[str, pd.DataFrame], to_screen: pd.DataFrame, catalogue: Catalogue, *, synthetic: bool = False
) -> str:
    """Return what was built, what waits for a human, and where to look, for the terminal.

    Parameters
    ----------
    frames : the tables prisma_counts, candidate_pairs, open_questions and reading_list.
    to_screen : the records that wait for a decision or a full text.
    synthetic : say that the data are invented.
    """
    flow = frames["prisma_counts"]
    values = {
        "records": box_total(flow, "records_screened"),
        "reports": box_total(flow, "reports_included"),
        "studies": box_total(flow, "studies_included"),
        "patients": box_total(flow, "patients_included"),
        "evaluable": box_total(flow, "patients_evaluable"),
        "to_screen": box_total(flow, "records_to_screen"),
        "full_texts": len(to_screen) - box_total(flow, "records_to_screen"),
        "pairs": int((frames["candidate_pairs"]["outcome"] == "to_review").sum()),
        "reading": len(frames["reading_list"]),
        "questions": len(frames["open_questions"]),
    }
    counted = {name: catalogue.plural(f"count_{name}", n) for name, n in values.items()}
    keys = ("summary_built", "summary_waiting", "summary_registry", "summary_look")
    shown = ("synthetic", *keys) if synthetic else keys
    return "\n".join(catalogue.text(key, **counted) for key in shown) + "\n"
