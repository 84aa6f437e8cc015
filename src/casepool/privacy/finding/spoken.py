"""What tells who somebody is in words: a number or a day spelt out, where he lives, what he does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casepool.privacy.finding.lexicon import MONTHS, content_of

_DIGIT = (
    r"zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?"
    r"|trente|quarante|cinquante|soixante|septante|huitante|octante|nonante|cents?|mille?|mil|et"
    r"|zero|one|two|three|four|five|six|seven|eight|nine|double"
)
_NUMBER_IN_WORDS = re.compile(rf"\b(?:zero|plus\s+trente)(?:[\s\-,.]+(?:{_DIGIT})){{4,}}\b", re.IGNORECASE)
_WARD_TELEPHONE = re.compile(r"\b(?:dect|poste|bip|beeper|extension|ext)\b[\s.:n°o]{0,4}\d{3,6}\b", re.IGNORECASE)
_YEAR_IN_WORDS = r"(?:mille?|mil)[\s\-]+neuf[\s\-]+cents?"
_BORN = re.compile(
    rf"\bne(?:e|\(e\)|e?s)?\s+(?:un|le|en|au\s+mois)\b[^,;.]{{0,30}}\b(?:{MONTHS}|{_YEAR_IN_WORDS})\b"
    rf"|\bne(?:e|\(e\))?\s+(?:un|le)\s+\d|\b{_YEAR_IN_WORDS}\b"
    rf"|\b(?:anniversaire|fete(?:ra)?\s+ses|birthday)\b[^;.]{{0,30}}\b(?:{MONTHS}|\d{{1,2}}/\d{{1,2}})"
    r"|\bgeb(?:oren|\.)\s+(?:op\s+|am\s+)?\d|\bgeboren\s+in\s+\d{4}|\bgeboortedatum|\bnascid[oa]\s+(?:a|em|no)\b"
    r"|\bd\.?\s?n\.?\s*[:=]?\s*(?:\d{1,2}[/.\-]){2}\d{2,4}|\bd\.\s?d\.\s?n\b"
    r"|\bdata\s+(?:de\s+)?nasc|\bdn\s*[:=]?\s*\d{4}-\d\d-\d\d|\bdate\s+(?:de\s+)?naiss",
    re.IGNORECASE,
)
_CAPITAL = r"(?-i:[A-Z][a-z'])"  # of a place; RC and M12 are none
_OF = r"(?:(?:a|au|aux|en|in|at|of|from|em|de|d'|du|van|sur|pres|dans|l'|le|la|les)\s*)"
_LIVES = re.compile(
    rf"\b(?:vit|vivant|habit(?:e|ant)|reside|residant|domicili\w*|demeur(?:e|ant)|lives|living"
    rf"|resident)\s+{_OF}*{_CAPITAL}"
    rf"|\btravail(?:le|lait|lant)\s+{_OF}+(?:{_CAPITAL}|mairie)"
    rf"|\b(?:mora|vive|residente?|woont|wohnt|wohnhaft|inwoner)\s+{_OF}*{_CAPITAL}|\bhabite\s+{_OF}*\d"
    rf"|\b(?:ehpad|maison de retraite|prison|detenue?|couvent|monastere|caserne)\b\s+(?:\w+\s+){{0,3}}{_CAPITAL}"
    r"|\bresidente?\s+(?:de\s+l'|a\s+l'|en\s|d')\s?ehpad\b|\bdu\s+village\b"
    rf"|\b(?:the|a|an|her|his)\s+(?:\w+\s+)?(?:village|hamlet)\b|\b(?:village|hamlet|parish|island|isle)\s+of\s+(?:\d|{_CAPITAL})"
    rf"|\b(?:village|hameau|bourg|commune|paroisse|ile|quartier)\s+(?:de|d'|du)\s*(?:\d|la\s|l'|{_CAPITAL})",
    re.IGNORECASE,
)
_OCCUPATION = "|".join(content_of("known_words")["occupations"].split()) + (
    r"|adjointe? au maire|professeure?s? (?:de|des|d')|employee? (?:de|a) la|bonne soeur|chef d'orchestre"
    r"|cure (?:de la paroisse|du village|de campagne)|joueu(?:r|se) (?:de|du|d')|pilote (?:de|d')"
    r"|patronn?e? (?:de|du|d')"
)
_WORKPLACE = r"village|service|commune|paroisse|mairie|hopital|region|departement|ile|equipe|ville|unite|ecole|retraite"
_WORKPLACE += r"|hamlet|convent|parish|town|school|island|ward"
_ONE_OF = r"(?:(?:est|etait|un|une|ancien(?:ne)?|du|de|la|l'|d'un|d'une|le)\s*){0,3}"
# An occupation by itself says little; with a place, as an apposition, or of a relative it says who.
_WORKS = re.compile(
    rf"\b(?:{_OCCUPATION})\s+{_OF}(?:(?:la|l'|le|les|notre|un|une|the)\s*)?(?:{_CAPITAL}|{_WORKPLACE})"
    rf"|(?:^|[,;:(]\s*|\b(?:ancien(?:ne)?|ex-?)\s*)(?:{_OCCUPATION})\s*(?:[,;.)]|$|\s(?:de|du|des|a|au|en)\b)"
    rf"|\b(?:patiente?|homme|femme|mari|epouse|epoux|conjointe?|pere|mere|fils|fille|frere"
    rf"|soeur),?\s+{_ONE_OF}(?:{_OCCUPATION})\b"
    rf"|\b(?:est|etait)\s+{_ONE_OF}(?:{_OCCUPATION})\b|\b(?:{_OCCUPATION})\s+on\s+{_CAPITAL}(?!\w*day\b)"
    rf"|\bonly\s+(?:{_OCCUPATION}|patient|case|doctor|woman|man)\s+(?:of|in|on)\s+(?:the\s+|a\s+)?(?:{_WORKPLACE}|village|county|isle)\b"
    r"|\bemployee? (?:de|du|a|au)\b|\b(?:equipe de france|jeux olympiques|olympique|centenaire)\b"
    r"|\bdoyen(?:ne)? (?:de|du|d')"
    rf"|\bseule?\s+(?:medecin|patiente?|cas|malade|femme|homme)\s+(?:de|du|d')\s*(?:la\s|l'|{_CAPITAL})"
    r"|\b(?:victime|rescapee?|survivante?)\s+(?:de|du)\b.{0,20}\b(?:accident|attentat|incendie|naufrage|crash)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b(?:hameau|lieu[ \-]?dit|lotissement)\s+(?:(?:de|du|des|le|la|les|l'|d')\s*)*\w{3,}"
    rf"|\b(?:residence|cite|hlm)\s+(?:(?:de|du|des|le|la|les|l'|d')\s*)*{_CAPITAL}"
    r"|\b\d{1,4}\s?(?:bis|ter)?,?\s+(?:pl|r|bd|av|ch|imp|all|rte|sq)\.\s+(?:de\s+|du\s+|des\s+|la\s+|l'\s*|d')*\w"
    r"|\b(?:bp|cs|tsa|boite postale)\s?\d{1,5}\b[,\s]+\d{4,5}|\b(?:za|zi|zac|zone (?:artisanale"
    r"|industrielle))\b.{0,30}\b\d{5}\b"
    r"|\b(?:za|zi|zac)\s+(?:du|de|des|la|les)\s+(?-i:[A-Z])|\bbloc\s\w{1,3}\b.{0,12}\bapp(?:t|art)?\b"
    r"|\bbat(?:iment)?\.?\s\w{1,2}\b.{0,15}\betage"
    r"|\b(?:L|B|CH|D|F)-\d{4,5}\s+(?-i:[A-Z][a-z])|\bappartement\s\d"
    r"|\b\d{1,2}\s?e(?:r|me)?\s+etage\b|\bapp?t\.?\s?\d{1,4}\b"
    r"|\b(?-i:[A-Z])[a-z\-]{2,}(?:straat|laan|steenweg|plein|dreef|kaai|strasse|gasse|weg)\s+\d{1,4}\b"
    r"|\b(?:rue|avenue|chaussee|place|quai|square)\s+(?-i:[A-Z])[\w'\-]+(?:\s[\w'\-]+){0,2}[, ]+\d{1,4}\b"
    r"|\b(?:rua|avenida|travessa|largo|praca|calcada|bairro)\s+(?:(?:da|do|das|dos|de)\s+)?(?-i:[A-Z])\w+"
    r"|(?<!\d)\d{4}-\d{3}\s+(?-i:[A-Z])[a-z]|(?<![\d.,/])(?:[1-9]\d{3})\s+(?-i:(?:Bruxelles|Brussel|Gent|Gand"
    r"|Liege|Antwerpen"
    r"|Anvers|Namur|Charleroi|Mons|Leuven|Brugge|Lausanne|Geneve|Zurich|Bern|Basel|Aalst|Hasselt|Kortrijk|Mechelen))\b",
    re.IGNORECASE,
)


def spoken_kinds(plain: str) -> Iterator[tuple[str, bool]]:
    """Yield the kinds of content in words by which somebody could be recognised, and whether each is certain."""
    if _BORN.search(plain):
        yield "date of birth", True
    if _NUMBER_IN_WORDS.search(plain) or _WARD_TELEPHONE.search(plain):
        yield "telephone", False
    if _LIVES.search(plain) or _WORKS.search(plain):
        yield "place or occupation", False


def holds_place(plain: str) -> bool:
    """Return whether a place where somebody may live stands in a plain text: hameau de la Combe, 9000 Gent."""
    return _ADDRESS.search(plain) is not None
