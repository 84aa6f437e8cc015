"""The closed sets of the data contract: ids as they stand in files, labels in English and French.

An id is what the program reads and writes. People may also type a label of either language in a
spreadsheet: `canonical` turns it into the id. Sets that depend on the study hold here what every study has;
`casepool.model.study` adds what the protocol declares.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from casepool.model.folding import fold
from casepool.model.labels import LABELS, LANGUAGES, SPELLINGS
from casepool.model.study import Study, study_if_any


class Response(StrEnum):
    """The best responses of every study; the degrees of response are declared by the protocol."""

    NONE = "none"
    NOT_EVALUABLE = "not_evaluable"
    NOT_REPORTED = "not_reported"


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


class TrialEnd(StrEnum):
    """Whether a registered trial has ended, and by what one knows it."""

    BY_STATUS = "ended_by_status"
    BY_DATE = "ended_by_date"
    NO = "not_ended"
    NEVER_BEGAN = "never_began"
    NOT_KNOWN = "end_not_known"


class TrialPublication(StrEnum):
    """What was published of a registered trial, the least first."""

    NONE = "nothing_published"
    PROTOCOL = "protocol_published"
    ABSTRACT = "abstract_published"
    ARTICLE = "article_published"


class Comparator(StrEnum):
    """What the patients of a comparison group were given in place of the drug."""

    PLACEBO = "placebo"
    USUAL_TREATMENT = "usual_treatment"
    NO_TREATMENT = "no_treatment"


class Setting(StrEnum):
    """The settings of every study; what else a disease arises on is declared by the protocol."""

    OTHER = "other"
    NOT_REPORTED = "not_reported"


class Basis(StrEnum):
    """The part of the source that the value was read in."""

    FULL_TEXT = "full_text"
    ABSTRACT = "abstract"
    TITLE = "title"
    SECONDARY_SOURCE = "secondary_source"


class Autoimmune(StrEnum):
    """Whether the antibodies are the patient's own (no = alloimmune)."""

    YES = "yes"
    NO = "no"
    UNCERTAIN = "uncertain"


class ExclusionReason(StrEnum):
    """Why a record, report or case is not in the analysis; the protocol may declare further reasons."""

    UNDER_18 = "under_18"
    DISEASE_NOT_ELIGIBLE = "disease_not_eligible"
    OTHER_DRUG = "other_drug"
    NO_PATIENT = "no_patient"
    DUPLICATE_PUBLICATION = "duplicate_publication"
    DUPLICATE_PATIENT = "duplicate_patient"
    REVIEW = "review"
    PROTOCOL_ONLY = "protocol_only"
    IN_VITRO_OR_ANIMAL = "in_vitro_or_animal"
    OUTCOME_NOT_REPORTED = "outcome_not_reported"
    RETRACTED = "retracted"
    OTHER = "other"


class Answer(StrEnum):
    """Yes or no as told by the source."""

    YES = "yes"
    NO = "no"
    NOT_REPORTED = "not_reported"


class Agreement(StrEnum):
    """Whether a patient was informed and does not object; an objection stands until it is revoked."""

    YES = "yes"
    NO = "no"
    REVOKED = "revoked"


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
    """The routes of every study; those of the drug are declared by the protocol."""

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


class ReadingMode(StrEnum):
    """How a reading came about: without sight of another one, or by checking it field by field."""

    BLIND = "blind"
    VERIFICATION = "verification"


class Certainty(StrEnum):
    """How certain a rate is, in the levels of GRADE."""

    VERY_LOW = "very_low"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


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


NOT_SEARCHED = "none"  # the origin where a project holds no search of PubMed
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


class Suspicion(StrEnum):
    """What two records that look alike may be."""

    DUPLICATE = "duplicate"  # one publication
    STUDY = "study"  # publications of one study: abstract, article, follow-up, letter


class Stake(StrEnum):
    """What hangs on whether two records are one publication, most first."""

    BOTH_INCLUDED = "both_included"  # patients may be counted twice
    ONE_INCLUDED = "one_included"
    UNDECIDED = "undecided"
    NONE_INCLUDED = "none_included"


class ReturnStatus(StrEnum):
    """What became of a file that came back from the call for observations."""

    READ = "read"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


class TextVerdict(StrEnum):
    """What a text that may say who somebody is does to its file: refused, its row waits, or nothing."""

    REFUSE = "refuse"
    WAIT = "wait"
    FINE = "fine"


class RowVerdict(StrEnum):
    """What became of a row of a registry return; nothing else can happen to it."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    ALREADY_KNOWN = "already_known"
    REPLACED = "replaced"
    OBJECTED = "objected"


class CaseKind(StrEnum):
    """A case is one patient or a stratum of patients known by counts."""

    PATIENT = "patient"
    COHORT = "cohort"


class SourceKind(StrEnum):
    """How a source is analysed: what ``casepool pool`` calls its ascertainment."""

    COMPLETE = "complete"
    REGISTRY = "registry"
    SELECTIVE = "selective"


class RateStatus(StrEnum):
    """What a rate rests on (methods: the own rate)."""

    REGISTRY_ANCHORED = "registry-anchored"
    LITERATURE_ONLY = "literature-only"
    ASSUMED = "assumed"
    NO_DATA = "no-data"


class FurtherEvidence(StrEnum):
    """What a plan may ask for: patients of a registry or a trial, reports as they come, or lookups."""

    REGISTRY = "further_registry"
    TRIAL = "further_trial"
    REPORTS = "further_reports"
    LOOKUP = "further_lookup"


class Undisclosed(StrEnum):
    """Why registry patients may not be counted in public as a group of their own."""

    TOO_FEW = "too_few"
    TOO_FEW_CENTRES = "too_few_centres"
    TOO_LARGE_CENTRES = "too_large_centres"  # take off the largest, and too few are left
    NEAR_PUBLISHED = "near_published"  # with what was published, too few could be found by subtraction


class Withheld(StrEnum):
    """Why a number is not to be shown."""

    NO_DATA = "no_data"
    NO_COMPLETE_SOURCE = "no_complete_source"
    RATIO_FIXED = "ratio_fixed"


@cache
def _spellings_of(vocabulary: type[StrEnum], declared: Study | None) -> dict[str, str]:
    members = [member.value for member in vocabulary]
    known = {fold(label): value for value in members for label in LABELS.get(value, ())}
    known |= {fold(text): value for text, value in declared.spellings() if value in members} if declared else {}
    known |= {fold(text): value for text, value in SPELLINGS.items() if value in members}
    if vocabulary.__name__ == Response.__name__:
        del known["nr"]  # also written for "no response": the person must say which
    return known | {fold(value): value for value in members}


def canonical(text: str, vocabulary: type[StrEnum]) -> str:
    """Return the id for an id or label of either language, or the text unchanged if unknown."""
    return _spellings_of(vocabulary, study_if_any()).get(fold(text), text)


def label(value: str, language: str) -> str:
    """Return the label of an id in one of LANGUAGES, or the id where it has none; ValueError for another language."""
    labels = LABELS.get(value)
    if labels is None:
        declared = study_if_any()
        return (declared.label(value, language) if declared else None) or value
    return labels[LANGUAGES.index(language)]
