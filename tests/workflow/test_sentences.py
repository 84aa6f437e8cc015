"""The sentences of the report are true for every build: as shipped, one disease, no complete source, nobody at all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import invented
import pandas as pd
import pytest
import stage_runner
from sentences import faults, page_of, section, text_of

from casepool.files import sheets, store
from casepool.model.configuration import load_configuration
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import TRANSCRIBED
from casepool.report.references.works import works
from casepool.report.words.catalogue import load_catalogue

LANGUAGES = ("fr", "en")


def only(*diseases: str) -> Callable[[Protocol], Protocol]:
    """Return a change of the protocol: it asks about these diseases only."""

    def narrowed(protocol: Protocol) -> Protocol:
        asked = tuple(one.model_copy(update={"eligible": one.id in diseases}) for one in protocol.diseases)
        return protocol.model_copy(update={"diseases": asked})

    return narrowed


def appraised(folder: Path, **answers: str) -> None:
    """Give every source the same answers, and take back the corrections of the former ones."""
    for name, change in (("appraisal", lambda rows: rows.assign(**answers)), ("corrections", _of_other_tables)):
        path = folder / f"{name}.csv"
        store.write_table(name, change(sheets.read_table(name, path)), path)


def _of_other_tables(corrections: pd.DataFrame) -> pd.DataFrame:
    return corrections[corrections["table"] != "appraisal"]


def nobody_complete(folder: Path) -> None:
    """Make every source one whose authors chose whom to report."""
    appraised(folder, murad_1="no", jbi_4="no", jbi_5="no")


def all_complete(folder: Path) -> None:
    """Make every source one that reports all its patients."""
    appraised(folder, murad_1="yes")


def nobody_treated(folder: Path) -> None:
    """Leave no patient and no cohort."""
    for name in ("patients", "cohorts", "cumulative_incidences", "identity_decisions", "corrections", "reading_list"):
        store.write_table(name, invented.frame(name), folder / f"{name}.csv")


def as_is(_: Path) -> None:
    """Change nothing."""


@dataclass(frozen=True)
class Kind:
    """A build: what it asks about, what is changed in the data, how its search came about."""

    protocol: Callable[[Protocol], Protocol]
    change: Callable[[Path], None] = as_is
    search_origin: str = TRANSCRIBED


KINDS = {
    "shipped": Kind(protocol=lambda protocol: protocol),
    "one_disease": Kind(only("prca")),
    "two_diseases": Kind(only("itp", "prca")),
    "no_complete_source": Kind(lambda protocol: protocol, nobody_complete),
    "only_complete_sources": Kind(lambda protocol: protocol, all_complete),
    "nobody": Kind(lambda protocol: protocol, nobody_treated, "live"),
}


@dataclass(frozen=True)
class Made:
    """A build and its pages by language."""

    build: stage_runner.Build
    pages: dict[str, str]

    def answer(self, language: str) -> str:
        """Return the first screen."""
        return section(self.pages[language], "answer")

    def correction(self, language: str) -> str:
        """Return the section on the correction."""
        return section(self.pages[language], "correction")


@pytest.fixture(scope="module", params=KINDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Made]:
    """Build a project of each kind up to its pages, fits on the coarse grid."""
    return request.param, _made(KINDS[request.param], tmp_path_factory.mktemp(request.param))


def _made(kind: Kind, root: Path) -> Made:
    (root / "data").mkdir()
    (root / "data" / "raw").symlink_to(invented.ROOT / "data" / "raw")
    shutil.copytree(invented.ROOT / "data" / "curated", root / "data" / "curated")
    kind.change(root / "data" / "curated")
    configuration = load_configuration(invented.ROOT / "config" / "config.yaml")
    build = stage_runner.Build(root, kind.protocol(invented.protocol()), configuration)
    build.search_origin = kind.search_origin
    cheap = stage_runner.Cheap()
    with cheap.coarse():
        stage_runner.run(build, (*stage_runner.STAGES, *stage_runner.FOR_READERS))
    pages = {one: (root / "results" / f"report_{one}.html").read_text(encoding="utf-8") for one in LANGUAGES}
    return Made(build, pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_a_wrong_number_a_gap_or_an_internal_id(made, language):
    """Read as a person reads: singular and plural, no unfilled place, no id in an author's place."""
    _, found = made
    reports = found.build.curated("reports")["reports"]
    without_doi = reports[reports["doi"].isna()]["report_id"].tolist()
    assert faults(found.pages[language], language, without_doi) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_is_told_only_where_two_kinds_of_sources_stand_against_each_other(made, language):
    """One kind of source alone compares nothing, and the page says so."""
    kind, found = made
    compared = {
        "en": r"Comparing the two kinds|comparing them across",
        "fr": r"comparaison des deux sortes|leur comparaison",
    }
    nothing = {"en": "nothing could be compared", "fr": "rien n’a pu être comparé"}
    text = found.correction(language)
    alone = kind in {"one_disease", "no_complete_source", "only_complete_sources"}
    assert bool(re.search(compared[language], text)) is (kind in {"shipped", "two_diseases"})
    assert (nothing[language] in text) is alone


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_says_whether_a_search_was_sent(made, language):
    """A transcript is no search."""
    kind, found = made
    sent = {"en": "Search of", "fr": "Recherche du"}[language]
    none = {"en": "No systematic search has been sent yet", "fr": "Aucune recherche systématique n’a encore été lancée"}
    transcript = kind != "nobody"
    assert (sent in found.answer(language)) is not transcript
    assert (none[language] in found.answer(language)) is transcript
    assert (sent in text_of(found.pages[language])) is not transcript


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_counts_diseases_anchors_and_registry(made, language):
    """What qualifies the headline, as it is in this build."""
    kind, found = made
    told = found.answer(language)
    diseases = {"shipped": (6, 13), "one_disease": (1, 1), "two_diseases": (2, 2), "nobody": (0, 13)}
    diseases |= {"no_complete_source": (6, 13), "only_complete_sources": (6, 13)}
    with_data, asked = diseases[kind]
    words = {
        "en": rf"{with_data} of {asked} diseases? ha",
        "fr": rf"Sur {asked} maladies?, {with_data} renseignées?",
    }
    assert re.search(words[language], told), told
    none = {"en": "No source anchors", "fr": "Aucune source n’ancre"}[language]
    assert (none in told) is (kind in {"one_disease", "no_complete_source", "nobody"})
    assert {"en": "No registry case is included", "fr": "Aucun cas du registre n’est inclus"}[language] in told
    assert {"en": "No comparison group", "fr": "Pas de groupe de comparaison"}[language] in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mean_of_diseases_is_told_from_three_diseases_on(made, language):
    """One disease has its own rate; of two there is none for both."""
    kind, found = made
    mean = {"en": r"the mean goes|pooled mean of", "fr": r"la moyenne passe|moyenne mise en commun de"}[language]
    if kind in {"one_disease", "two_diseases", "nobody"}:
        assert not re.search(mean, found.answer(language))
    if kind == "shipped":
        assert re.search(mean, found.answer(language))
        assert {"en": "of 5 diseases", "fr": "de 5 maladies"}[language] in found.answer(language)
    if kind == "one_disease":
        belief = {"en": "may be where a disease has no complete", "fr": "lorsqu’une maladie n’a pas de source"}[
            language
        ]
        assert belief not in found.correction(language)
    if kind == "shipped":
        belief = {"en": "may be where a disease has no complete", "fr": "lorsqu’une maladie n’a pas de source"}[
            language
        ]
        assert belief in found.correction(language)


def test_what_the_shipped_page_must_say(made):
    """The facts that an audit missed: who is alloimmune, what nobody knows, what a cohort reports without counts."""
    kind, found = made
    if kind != "shipped":
        return
    english = text_of(found.pages["en"]).replace("\u00a0", " ")
    assert "are alloimmune" in found.answer("en")
    assert "Pure red cell aplasia after transplantation (alloimmune or of uncertain origin)" in english
    assert "Autoimmune pure red cell aplasia" not in english
    assert "69% (52–80) at 6 months and 80% (62–90) at 12 months" in english
    assert (
        "In one randomised trial of a related drug (CM313, immune thrombocytopenia), 20% responded on placebo"
        in english
    )
    assert "8 to 9/21" in english
    assert "38% to 43%" in english


def test_the_law_of_the_counts_holds_in_every_build(made):
    """A complete response is a response: by source, by disease, in every total."""
    _, found = made
    studies, counts, results = (found.build[name] for name in ("study_counts", "counts", "results"))
    for frame in (studies, counts):
        assert (frame["n_complete"] <= frame["n_complete_at_most"]).all()
        assert (frame["n_complete_at_most"] <= frame["n_response"]).all()
    exact = results[results["model"] == "exact"].set_index(["outcome", "disease", "analysis"])
    if not len(exact):
        return
    whole, part = exact.loc["any_response"], exact.loc["complete_response"]
    both = part.join(whole, rsuffix="_whole")
    top = both["highest"].fillna(both["value"]).dropna()
    assert (top <= both.loc[top.index, "value_whole"] + 1e-12).all()


def test_every_median_has_its_number_of_patients(made):
    """Never one patient as a median."""
    _, found = made
    table = found.build["characteristics"]
    medians = table[table["median"].notna()]
    assert (medians["n_known"] >= 3).where(~medians["item"].str.endswith("_cohort"), other=True).all()
    shown = pd.Series(re.findall(r"\d+\s\(\d+–\d+\)(?!%)[^<]{0,12}", section(found.pages["en"], "patients")))
    assert shown.str.contains("n =|n\u00a0=").all()


def prose(found: Made, language: str) -> dict[str, str]:
    """Return the texts of the manuscript as pages; the id of the protocol stands in them on purpose."""
    texts = found.build.texts[language].items()
    return {key: page_of(text).replace(found.build.protocol.id, "") for key, text in texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_manuscript_has_a_wrong_number_a_gap_or_an_internal_id(made, language):
    """As the page is read."""
    _, found = made
    for key, text in prose(found, language).items():
        assert faults(text, language) == [], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_say_what_was_done_and_what_cannot_be_shown_in_each_kind_of_build(made, language):
    """No search, no anchor, one disease, nobody: chosen by what the build holds, never by what it usually holds."""
    kind, found = made
    methods, results, abstract = (text_of(prose(found, language)[key]) for key in ("methods", "results", "abstract"))
    sent = {"en": "PubMed was searched on", "fr": "PubMed a été interrogé le"}[language]
    assert (sent in methods) is (sent in abstract) is (kind == "nobody")
    pooled = {"en": "As a secondary analysis", "fr": "À titre d’analyse secondaire"}[language]
    assert (pooled in methods) is (kind not in {"one_disease", "two_diseases"})
    anchor = {"en": "no rate can be corrected to a number", "fr": "aucun taux ne peut être ramené à une valeur"}[
        language
    ]
    assert (anchor in results) is (kind in {"one_disease", "no_complete_source", "nobody"})
    registry = {"en": "No registry case is included", "fr": "Aucun cas du registre n’est inclus"}[language]
    assert registry in methods
    assert registry in results
    comparison = {"en": "A response under treatment is not a response because of it", "fr": "n’est pas une réponse due"}
    assert comparison[language] in results
    assert comparison[language] in abstract
    nobody = {"en": "No patient with a reported response", "fr": "Aucun patient dont la réponse est rapportée n’a"}
    assert (nobody[language] in results) is (nobody[language] in abstract) is (kind == "nobody")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_work_that_a_text_cites_is_in_the_references(made, language):
    """By its key; and of the included sources each is cited once."""
    _, found = made
    reports, catalogue = found.build.curated("reports")["reports"], load_catalogue(language)
    known = {one.key for one in works(reports, found.build["records"], catalogue)}
    cited = re.findall(r"@([\w.:-]+)", " ".join(found.build.texts[language].values()))
    assert cited
    assert set(cited) <= known
    counted = set(found.build["study_counts"]["report_id"])
    in_results = re.findall(r"@([\w.:-]+)", found.build.texts[language]["results"])
    assert sorted(one for one in in_results if one in counted) == sorted(counted)
