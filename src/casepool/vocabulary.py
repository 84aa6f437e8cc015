"""The closed sets of the data contract: ids as they stand in files, labels in English and French.

An id is what the program reads and writes. People may also type a label of either language in a
spreadsheet: `canonical` turns it into the id.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache


class Response(StrEnum):
    """Best response to the drug as the source tells it."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    RESPONSE_UNGRADED = "response_ungraded"
    NONE = "none"
    NOT_EVALUABLE = "not_evaluable"
    NOT_REPORTED = "not_reported"


RESPONDED = frozenset({Response.COMPLETE, Response.PARTIAL, Response.RESPONSE_UNGRADED})
EVALUABLE = RESPONDED | {Response.NONE}


class Ascertainment(StrEnum):
    """Whether a source tells all treated patients or those its authors chose."""

    COMPLETE = "complete"
    SELECTIVE = "selective"
    UNCLEAR = "unclear"


class ReportType(StrEnum):
    """Kind of publication."""

    CASE_REPORT = "case_report"
    CASE_SERIES = "case_series"
    RETROSPECTIVE_COHORT = "retrospective_cohort"
    PROSPECTIVE_COHORT = "prospective_cohort"
    CLINICAL_TRIAL = "clinical_trial"
    CONFERENCE_ABSTRACT = "conference_abstract"
    LETTER = "letter"
    REGISTRY_CALL = "registry_call"


class Setting(StrEnum):
    """What the disease arose on."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    POST_HSCT = "post_hsct"
    POST_SOT = "post_sot"
    IMMUNODEFICIENCY = "immunodeficiency"
    OTHER = "other"
    NOT_REPORTED = "not_reported"


class Basis(StrEnum):
    """The part of the source that the value was read in."""

    FULL_TEXT = "full_text"
    ABSTRACT = "abstract"
    TITLE = "title"
    SECONDARY_SOURCE = "secondary_source"


class Autoimmune(StrEnum):
    """Whether the antibodies are the patient's own (no = alloimmune, after transplantation)."""

    YES = "yes"
    NO = "no"
    UNCERTAIN = "uncertain"


class ExclusionReason(StrEnum):
    """Why a record, report or case is not in the analysis."""

    UNDER_18 = "under_18"
    DISEASE_NOT_ELIGIBLE = "disease_not_eligible"
    OTHER_DRUG = "other_drug"
    NO_PATIENT = "no_patient"
    DUPLICATE_PUBLICATION = "duplicate_publication"
    DUPLICATE_PATIENT = "duplicate_patient"
    REVIEW = "review"
    PROTOCOL_ONLY = "protocol_only"
    ONCOLOGY = "oncology"
    IN_VITRO_OR_ANIMAL = "in_vitro_or_animal"
    OUTCOME_NOT_REPORTED = "outcome_not_reported"
    RETRACTED = "retracted"
    OTHER = "other"


class Answer(StrEnum):
    """Yes or no as told by the source."""

    YES = "yes"
    NO = "no"
    NOT_REPORTED = "not_reported"


class DeathCause(StrEnum):
    """What a patient died of, as the source says; what it leaves together stays together."""

    INFECTION = "infection"
    GVHD = "gvhd"
    GVHD_OR_INFECTION = "gvhd_or_infection"
    TREATED_DISEASE = "treated_disease"
    OTHER_DISEASE = "other_disease"
    BLEEDING = "bleeding"
    THROMBOSIS = "thrombosis"
    MALIGNANCY = "malignancy"
    NOT_DETERMINED = "not_determined"


class AppraisalAnswer(StrEnum):
    """Answer to a question of the appraisal tools (Murad 2018, JBI case series)."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    NOT_APPLICABLE = "not_applicable"


class Sex(StrEnum):
    """Sex as reported."""

    FEMALE = "female"
    MALE = "male"
    NOT_REPORTED = "not_reported"


class Route(StrEnum):
    """Route of administration."""

    IV = "iv"
    SC = "sc"
    BOTH = "both"
    OTHER = "other"
    NOT_REPORTED = "not_reported"


class Population(StrEnum):
    """Age group that the source states; it decides only where the age is not told."""

    ADULT = "adult"
    CHILD = "child"
    MIXED = "mixed"
    NOT_REPORTED = "not_reported"


class Stage(StrEnum):
    """Stage of screening."""

    TITLE_ABSTRACT = "title_abstract"
    FULL_TEXT = "full_text"


class ScreeningDecision(StrEnum):
    """Decision on a record or report; awaiting = more of the source must be read first."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    AWAITING = "awaiting"


class TermKind(StrEnum):
    """How a term of ``disease_terms.csv`` is read."""

    NAME = "name"
    CAPITALS = "capitals"
    ASKED = "asked"
    TOGETHER = "together"
    NEUTRAL = "neutral"
    SMALL = "small"


class IdentityDecision(StrEnum):
    """Decision on whether two cases are one patient (or lie one inside the other)."""

    SAME_PATIENT = "same_patient"
    DIFFERENT = "different"
    UNSURE = "unsure"


class ReadingStatus(StrEnum):
    """Why a publication stands on the reading list and not in the counts."""

    UNVERIFIED = "unverified"
    UNIDENTIFIED = "unidentified"
    AWAITING_FULL_TEXT = "awaiting_full_text"


class Origin(StrEnum):
    """Where a raw file comes from (the sources of PRISMA 2020)."""

    DATABASE = "database"
    REGISTER = "register"
    WEBSITE = "website"


TRANSCRIBED = "transcribed"  # the origin, in search.json, of a snapshot that people typed: no query was sent


class Arm(StrEnum):
    """The two arms of the PRISMA 2020 flow."""

    DATABASES = "databases"
    OTHER = "other_methods"


class MetBy(StrEnum):
    """By what the search strategy meets an included report."""

    TITLE = "title"
    RECORD = "record"
    NONE = "none"
    TITLE_NOT_KNOWN = "title_not_known"


class ReturnStatus(StrEnum):
    """What became of a file that came back from the call for observations."""

    READ = "read"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


class RowVerdict(StrEnum):
    """What became of a row of a registry return; nothing else can happen to it."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    ALREADY_KNOWN = "already_known"
    REPLACED = "replaced"


class CaseKind(StrEnum):
    """A case is one patient or a stratum of patients known by counts."""

    PATIENT = "patient"
    COHORT = "cohort"


class RateStatus(StrEnum):
    """What a corrected rate rests on (methods: status of a disease in the joint model)."""

    REGISTRY_ANCHORED = "registry-anchored"
    TRANSPORTED = "transported"
    TRANSPORTED_WEAK = "transported-weak"
    PRIOR_DRIVEN = "prior-driven"
    NO_DATA = "no-data"


# (English label, French label) for each id; ids shared by several sets carry one label.
LABELS: dict[str, tuple[str, str]] = {
    "complete": ("complete", "complète"),
    "partial": ("partial", "partielle"),
    "response_ungraded": ("response, degree not reported", "réponse, degré non précisé"),
    "none": ("none", "aucune"),
    "not_evaluable": ("not evaluable", "non évaluable"),
    "not_reported": ("not reported", "non rapporté"),
    "selective": ("selective", "sélectif"),
    "unclear": ("unclear", "incertain"),
    "case_report": ("case report", "cas clinique"),
    "case_series": ("case series", "série de cas"),
    "retrospective_cohort": ("retrospective cohort", "cohorte rétrospective"),
    "prospective_cohort": ("prospective cohort", "cohorte prospective"),
    "clinical_trial": ("clinical trial", "essai clinique"),
    "conference_abstract": ("conference abstract", "résumé de congrès"),
    "letter": ("letter", "lettre"),
    "registry_call": ("call for observations", "appel à observations"),
    "primary": ("primary", "primaire"),
    "secondary": ("secondary", "secondaire"),
    "post_hsct": ("after haematopoietic stem cell transplantation", "après greffe de CSH"),
    "post_sot": ("after solid organ transplantation", "après greffe d’organe"),
    "immunodeficiency": ("immunodeficiency", "déficit immunitaire"),
    "other": ("other", "autre"),
    "full_text": ("full text", "texte intégral"),
    "abstract": ("abstract", "résumé"),
    "title": ("title", "titre"),
    "secondary_source": ("secondary source", "source secondaire"),
    "title_abstract": ("title and abstract", "titre et résumé"),
    "yes": ("yes", "oui"),
    "no": ("no", "non"),
    "uncertain": ("uncertain", "incertain"),
    "not_applicable": ("not applicable", "sans objet"),
    "infection": ("infection", "infection"),
    "gvhd": ("graft-versus-host disease", "maladie du greffon contre l’hôte"),
    "gvhd_or_infection": (
        "graft-versus-host disease or infection",
        "maladie du greffon contre l’hôte ou infection",
    ),
    "treated_disease": ("the treated disease", "la maladie traitée"),
    "other_disease": ("another disease", "une autre maladie"),
    "bleeding": ("bleeding", "hémorragie"),
    "thrombosis": ("thrombosis", "thrombose"),
    "malignancy": ("malignancy", "tumeur maligne"),
    "not_determined": ("cause not determined", "cause non déterminée"),
    "female": ("female", "femme"),
    "male": ("male", "homme"),
    "iv": ("intravenous", "intraveineuse"),
    "sc": ("subcutaneous", "sous-cutanée"),
    "both": ("both", "les deux"),
    "adult": ("adult", "adulte"),
    "child": ("child", "enfant"),
    "mixed": ("mixed", "mixte"),
    "name": ("name of one disease", "nom d’une seule maladie"),
    "capitals": ("name in capitals only", "nom en majuscules seulement"),
    "asked": ("fits several diseases: ask", "convient à plusieurs maladies : demander"),
    "together": ("diseases read together", "maladies lues ensemble"),
    "neutral": ("word that changes nothing", "mot qui ne change rien"),
    "small": ("small word, left out", "petit mot, ignoré"),
    "include": ("include", "inclure"),
    "exclude": ("exclude", "exclure"),
    "awaiting": ("awaiting full text", "en attente du texte intégral"),
    "same_patient": ("same patient", "même patient"),
    "different": ("different", "différents"),
    "unsure": ("unsure", "incertain"),
    "unverified": ("unverified", "non vérifié"),
    "unidentified": ("not identified", "non identifié"),
    "awaiting_full_text": ("full text needed", "texte intégral nécessaire"),
    "database": ("database", "base de données"),
    "register": ("trial register", "registre d’essais"),
    "website": ("website", "site web"),
    "patient": ("patient", "patient"),
    "cohort": ("cohort", "cohorte"),
    "under_18": ("under 18 years", "moins de 18 ans"),
    "disease_not_eligible": ("disease not eligible", "maladie non éligible"),
    "other_drug": ("other drug", "autre médicament"),
    "no_patient": ("no treated patient", "aucun patient traité"),
    "duplicate_publication": ("duplicate publication", "publication en double"),
    "duplicate_patient": ("patient already counted", "patient déjà compté"),
    "review": ("review", "revue"),
    "protocol_only": ("protocol only", "protocole seul"),
    "oncology": ("oncology", "oncologie"),
    "in_vitro_or_animal": ("in vitro or animal study", "étude in vitro ou animale"),
    "outcome_not_reported": ("outcome not reported", "résultat non rapporté"),
    "retracted": ("retracted", "rétracté"),
    "concern": ("expression of concern", "mise en garde de la rédaction"),
    "erratum": ("erratum", "erratum"),
    "databases": ("databases and registers", "bases de données et registres"),
    "other_methods": ("other methods", "autres méthodes"),
    "record": ("record", "référence"),
    "title_not_known": ("title not known", "titre inconnu"),
    "not_found_by_search": (
        "Why does the search not find it?",
        "Pourquoi la recherche ne le trouve-t-elle pas ?",
    ),
    "concern_expressed": ("Do the results hold?", "Les résultats tiennent-ils ?"),
    "erratum_published": ("Does the erratum change what was extracted?", "L’erratum change-t-il l’extraction ?"),
    "registry_complete": ("Registry, all patients of the centre", "Registre, tous les patients du centre"),
    "registry_selective": ("Registry, chosen patients", "Registre, patients choisis"),
    "registry_unclear": ("Registry", "Registre"),
    "several_diseases": ("Several diseases (registry)", "Plusieurs maladies (registre)"),
    "read": ("read", "lu"),
    "refused": ("refused", "refusé"),
    "unreadable": ("cannot be read", "illisible"),
    "accepted": ("accepted", "accepté"),
    "quarantined": ("set aside", "mis de côté"),
    "already_known": ("already known", "déjà connu"),
    "replaced": ("replaced by a later version", "remplacé par une version ultérieure"),
    "registry-anchored": ("anchored", "ancré"),
    "transported": ("transported", "transporté"),
    "transported-weak": ("transported, weak", "transporté, fragile"),
    "prior-driven": ("prior-driven", "déterminé par l’a priori"),
    "no-data": ("no data", "aucune donnée"),
}

# Further spellings met in spreadsheets (abbreviations, masculine or feminine forms).
_SPELLINGS: dict[str, str] = {
    "f": "female", "woman": "female", "féminin": "female", "w": "female",
    "m": "male", "man": "male", "masculin": "male", "h": "male",
    "o": "yes", "y": "yes", "vrai": "yes", "true": "yes",
    "n": "no", "faux": "no", "false": "no",
    "nr": "not_reported", "non rapportée": "not_reported", "non précisé": "not_reported",
    "complet": "complete", "rc": "complete", "cr": "complete",
    "partiel": "partial", "rp": "partial", "pr": "partial",
    "absence": "none", "pas de réponse": "none", "no response": "none", "aucun": "none",
    "response, degree not told": "response_ungraded",  # in the lists of earlier forms
    "sélective": "selective", "incertaine": "unclear",
    "intraveineux": "iv", "sous-cutané": "sc",
}  # fmt: skip

# Labels of columns in earlier forms: files that are out come back with them.
FORMER_LABELS = {"Patient told, no objection": "objection_checked"}


def fold(text: str) -> str:
    """Return the text without accents, case, and outer or doubled spaces (for comparing)."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.casefold().replace("_", " ").split())


@cache
def _spellings_of(vocabulary: type[StrEnum]) -> dict[str, str]:
    members = [member.value for member in vocabulary]
    known = {fold(label): value for value in members for label in LABELS.get(value, ())}
    known |= {fold(text): value for text, value in _SPELLINGS.items() if value in members}
    if vocabulary is Response:
        del known["nr"]  # also written for "no response": the person must say which
    return known | {fold(value): value for value in members}


def canonical(text: str, vocabulary: type[StrEnum]) -> str:
    """Return the id for an id or label of either language, or the text unchanged if unknown."""
    return _spellings_of(vocabulary).get(fold(text), text)


def label(value: str, language: str) -> str:
    """Return the label of an id in `language` ("en" or "fr"), or the id where it has none."""
    labels = LABELS.get(value)
    if labels is None:
        return value
    return labels[1] if language == "fr" else labels[0]
