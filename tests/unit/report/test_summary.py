"""What a build says at its end in the terminal."""

import pandas as pd
import pytest
import reported

from casepool.report.summary import summary
from casepool.report.words.catalogue import load_catalogue

BOXES = ("records_screened", "reports_included", "studies_included", "patients_included", "patients_evaluable")


def said(language: str, n: int, *, synthetic: bool = False) -> str:
    """Return the summary of a build in which n of everything was found and waits."""
    boxes = [{"box": box, "unit": "x", "n": n} for box in (*BOXES, "records_to_screen")]
    frames = {
        "prisma_counts": reported.table("prisma_counts", boxes),
        "candidate_pairs": reported.table(
            "candidate_pairs", [{"outcome": "to_review"}] * n + [{"outcome": "different"}]
        ),
        "open_questions": reported.table("open_questions", [{"question": "x", "id": str(one)} for one in range(n)]),
        "reading_list": reported.table("reading_list", [{"citation_key": str(one)} for one in range(n)]),
    }
    to_screen = pd.DataFrame({"record_id": [str(one) for one in range(2 * n)]})
    return reported.plain(summary(frames, to_screen, load_catalogue(language), synthetic=synthetic))


@pytest.mark.parametrize(
    ("language", "n", "built", "waiting"),
    [
        (
            "fr",
            0,
            "Construit : 0 référence triée, 0 publication incluse de 0 étude, 0 patient compté une fois, dont 0 de",
            "0 référence à trier et 0 texte intégral à obtenir (results/screening/to_screen.csv) ; 0 paire de patients",
        ),
        (
            "fr",
            1,
            "Construit : 1 référence triée, 1 publication incluse de 1 étude, 1 patient compté une fois, dont 1 de",
            "1 question ouverte (results/review/open_questions.csv) ; 1 publication sur la liste de lecture",
        ),
        (
            "fr",
            2,
            "Construit : 2 références triées, 2 publications incluses de 2 études, 2 patients comptés une fois, dont 2",
            "2 publications sur la liste de lecture (data/curated/reading_list.csv).",
        ),
        (
            "en",
            0,
            "Built: 0 records screened, 0 reports of 0 studies included, 0 patients counted once, 0 with a known",
            "0 records to screen and 0 full texts to obtain (results/screening/to_screen.csv); 0 pairs of patients to",
        ),
        (
            "en",
            1,
            "Built: 1 record screened, 1 report of 1 study included, 1 patient counted once, 1 with a known response.",
            "1 open question (results/review/open_questions.csv); 1 publication on the reading list",
        ),
        (
            "en",
            2,
            "Built: 2 records screened, 2 reports of 2 studies included, 2 patients counted once, 2 with a known",
            "2 publications on the reading list (data/curated/reading_list.csv).",
        ),
    ],
)
def test_numbers_agree_with_their_nouns(language, n, built, waiting):
    text = said(language, n)
    assert text.startswith(built)
    assert waiting in text


@pytest.mark.parametrize(("language", "mark"), [("en", "SYNTHETIC DATA"), ("fr", "DONNÉES SYNTHÉTIQUES")])
def test_invented_data_are_named_first(language, mark):
    assert said(language, 1, synthetic=True).startswith(mark)
    assert mark not in said(language, 1)
