"""Column headers that ask for identity, in French, English and a few more languages."""

from __future__ import annotations

import re

from casepool.model.folding import fold
from casepool.privacy.finding.names import name_in
from casepool.privacy.finding.patterns import pattern_kinds, plain_text, without_references
from casepool.privacy.finding.words import kinds_of

# Words of a folded header, by kind.
_WORDS = {
    "name": (
        r"(?:noms?|prenoms?|patronyme|identite|names?)",
        r"(?:sur|fore|last|first|full|maiden|family|given|patient) ?names?",
        r"(?:nachname|vorname|apellidos?|nombre|cognome|nome)",
        r"(?:medecins?|docteur|praticien|prescripteur|correspondant|investigateur|referent|(?:rempli|saisi) par)",
        r"(?:general practitioner|gp|physician|doctor|clinician|prescriber|investigator)",
        r"(?:filled|completed|entered) (?:in )?by",
    ),
    "initials": (r"init(?:iales?|ials?)?",),
    "date of birth": (
        r"\w*naiss\w*|ddn|dn|n[e]+(?:\(e\))? le|\w*birth\w*|born|dob|d\.o\.b\.?|yob",
        r"geburts\w*|nacimiento|nascita",
    ),
    "social security number": (
        r"nir|insee|ins|carte vitale|\w*secu|securite sociale|n[°o]? ?ss|social security|ssn",
    ),
    "national identifier": (
        r"nhs|passe?port|carte d'identite|identity card|national id\w*|avs|ahv|dni",
    ),
    "hospital number": (
        r"ipp|nip|iep|nda|mrn|dossier|medical record|identifiant permanent|n[°o] ?(?:de )?(?:sejour|venue|patient)",
        r"(?:hospital|record|chart|file|unit|stay|admission) (?:number|no|nr|id|#)",
    ),
    "telephone": (r"tel|telephone|portable|mobile|gsm|\w*phone|fax",),
    "e-mail": (r"e?-?mails?|courriel|mel",),
    "address": (
        r"ad+ress\w*|domicile|residence|commune|rue|street|cp|code postal|zip\w*|post ?code",
    ),
    "location": (r"latitude|longitude|gps",),
}  # fmt: skip
_PATTERNS = {kind: re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)") for kind, words in _WORDS.items()}
# What has a name but is no person.
_NO_PERSON = re.compile(
    r"\bnoms? (?:du|de la|de l'|des?) ?(?:centre|hopital|service|medicament|maladie|traitement|etude|fichier|protocole)"
    r"|\bnames? of (?:the )?(?:center|centre|hospital|department|drug|disease|study|file)"
    r"|\b(?:center|centre|hospital|drug|disease|study|file|event|column|field|form|instrument) names?"
    r"|^redcap .*|^record id$|data access group|survey identifier"
)
# A header that is itself a value: the file has no header line, or a person stands in it.
_VALUES = frozenset({"e-mail", "telephone", "social security number", "national identifier"})


def header_kinds(header: str) -> frozenset[str]:
    """Return the kinds of identity that a header, which is none of the form's, asks for or holds."""
    plain = plain_text(header)
    folded = _NO_PERSON.sub(" ", fold(plain))
    asked = {kind for kind, pattern in _PATTERNS.items() if pattern.search(folded)}
    kinds = kinds_of(plain)
    held = _VALUES.intersection(kind for kind, _ in pattern_kinds(without_references(plain), kinds))
    return frozenset(asked | held | ({"name"} if name_in(plain, "centre", kinds) else set()))
