"""What identifying content looks like: dates, numbers, addresses, in any spelling that a person may type.

A text is first made plain (one spelling of every sign), then public references are taken out (a DOI, a trial
number), then each pattern is looked for. Names and initials are in ``identifying_names``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from casepool.privacy.finding.lexicon import MONTHS, Word
from casepool.privacy.finding.numbers import holds_checked_number, is_telephone
from casepool.privacy.finding.spoken import holds_place, spoken_kinds

# Letters of other scripts that look like Latin ones; they would hide a name from every pattern.
_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјкорсухһΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABESIJKMHOPCTYXaesijkopcyxhABEZHIKMNOPTYXo",
)
_LATIN = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})
_LATIN |= str.maketrans({"đ": "d", "Đ": "D", "ı": "i", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "＠": "@"})
_LETTERS_IN_BOXES = re.compile("[\U0001f110-\U0001f1ff]")
_OTHER_SCRIPT = re.compile(r"[\u0400-\u1cff\u2c80-\ua69f\ua800-\ud7ff\U00010000-\U0003ffff]")

_MONTH = rf"(?:{MONTHS})\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_UNIT = r"(?!\s*(?:mg|g\b|kg|ug|µg|ml|ui\b|mois|semaines?|jours?|months?|weeks?|days?|cp\b|%))"
_FULL_DATE = re.compile(
    rf"(?<![\d/.\-]){_DAY}\s?(?P<sep>[/.\-])\s?{_DAY}\s?(?P=sep)\s?(?:19|20)\d\d(?!\d)"  # 12/03/1956, 3.12.1956
    rf"|(?<![\d/.\-]){_DAY}/(?:0?[1-9]|1[0-2])/\d\d(?![\d/]){_UNIT}"  # 12/3/56
    rf"|(?<![\w/.\-])(?:0[1-9]|[12]\d|3[01])([.\-])(?:0[1-9]|1[0-2])\2\d\d(?![\d.\-]){_UNIT}"  # 12.03.56
    r"|(?<!\d)(?:19|20)\d\d\s?([/.\-])\s?(?:0?[1-9]|1[0-2])\s?\3\s?(?:0?[1-9]|[12]\d|3[01])(?!\d)"  # 1956-03-12
    rf"|(?<![\d.,]){_DAY} (?:0?[1-9]|1[0-2]) (?:19|20)\d\d(?!\d)"  # 12 03 1956
    r"|(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"  # 19560312
    r"|(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d(?!\d)"  # 12031956
    rf"|(?<![\d/]){_DAY}\s?(?:er|st|nd|rd|th)?[\s.\-/]*(?:of |de |di )?{_MONTH}[\s,.\-/]*(?:de |of |del )?"  # 12 mars
    r"'?(?:(?:19|20)\d\d|\d\d(?=\W|$))(?!\d)"  # ... 1956
    rf"|\b{_MONTH}\s*{_DAY}(?:st|nd|rd|th)?\s*,?\s+(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"\bddn\b|\bd\.?\s?o\.?\s?b\b\.?(?=\W|$)|\b(?:dates?|annees?|jour|lieu)\s+(?:de\s+)?naiss"
    r"|\bnaissance\s*[:=(]?\s*(?:le\s+|en\s+)?\d|\bbirth\s?(?:date|day|year)|\b(?:date|year|day)\s+of\s+birth"
    rf"|\bne(?:e|\(e\)|e?s)?\s+(?:le\s+(?:\d|1er)|en\s+(?:{_MONTH}\s+)?(?:19|20)\d\d|(?:19|20)\d\d)"
    rf"|\bborn\s+(?:on\s+|in\s+)?(?:the\s+)?(?:\d|{_MONTH}\s*\d)|\bgeburtsdatum|\bgeb(?:oren)?\.?\s+(?:am\s+)?\d"
    r"|\bfecha\s+de\s+nacimiento|\bnacid[oa]\s+el\b|\bdata\s+di\s+nascita|\bnat[oa]\s+il\b",
    re.IGNORECASE,
)
# Dates from this year on are of a treatment or a visit: whoever is treated is born before.
_NOBODY_BORN = 2010
_LATE_YEARS = range(10, 30)  # of two digits
_EVENT = re.compile(
    r"\b(?:diag\w*|splenect\w*|\w*greff\w*|thymect\w*|\w*ectomie|debut\w*|rechut\w*|pouss\w*|inclu\w*|vue?"
    r"|suivi\w*|perf\w*"
    r"|cycles?|cures?|trait\w*|hospi\w*|opere\w*|chirurgie|biops\w*|\w*transplant\w*|vaccin\w*|depuis"
    r"|decouvert\w*|arret\w*"
    r"|relapse\w*|since|started|diagnos\w*|visite?|nouvelles?|deces|decede\w*|died)\b[^;]{0,25}$"
    r"|\b[cdjms]\d+\W{0,3}(?:le\s)?$",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"[\w.+\-]{2,}\s?@\s?[a-z][a-z0-9\-]{2,}|[\w.+\-]+\s?@\s?[a-z0-9\-]+\s?\.\s?[a-z]{2,}"
    r"|\b[\w.+\-]+\s?(?:\(at\)|\[at\]|\{at\}|<at>|\barobase\b|\(a\))\s?[\w\-]+"
    r"|\b[\w.\-]+ at [\w\-]+(?: dot | point )[a-z]{2,}|\b[\w\-]+ (?:dot|point) [\w\-]+ (?:at|arobase) \w+"
    r"|\b(?:e-?mail|courriel|mel)\s*[:=]\s*\S",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(
    r"(?<![\d.,])(?:(?:\+|00)\s?33[\s.\-]?(?:\(0\))?[\s.\-]?|0)[1-9](?:[\s.\-/]{0,2}\d\d){4}(?!\d)"
    r"|(?<![\w+])\+\s?[1-9](?:[\s.\-()/]{0,2}\d){7,14}(?!\d)|(?<![\d.,])00[1-9]\d(?:[\s.\-()/]?\d){6,12}(?!\d)"
    r"|(?<![\w.])\(?[2-9]\d\d\)?[\s.\-][2-9]\d\d[.\-]\d{4}(?!\d)|\([2-9]\d\d\)\s?\d{3}[\s.\-]?\d{4}(?!\d)"
    r"|(?<![\w.])\(?0\d{2,4}\)?[\s/\-]\s?\d{3,5}(?:[\s\-]?\d{2,4})?(?!\d)"
    r"|\b(?:tel|telephone|phone|portable|mobile|gsm|fax|cell)\b[\s.:=n°o]{0,6}[+(]?\d(?:[\s.()\-/]{0,2}\d){5,}",
    re.IGNORECASE,
)
_THREE_GROUPS = re.compile(r"(?<![\d.,/:])[29]\d{2}[ .\-]\d{3}[ .\-]\d{3}(?![\d.,/])")  # Portugal
_NIR = re.compile(
    r"(?<!\d)([1-478])[\s.\-]?(\d\d)[\s.\-]?(0[1-9]|1[0-2]|[2-9]\d)[\s.\-]?(\d\d|2[AB])[\s.\-]?(\d{3})[\s.\-]?(\d{3})"
    r"(?:[\s.\-/]*(?:cle)?\s?\d\d)?(?!\d)",
    re.IGNORECASE,
)
_NATIONAL = re.compile(
    r"(?<![\d\-])\d{3}-\d\d-\d{4}(?![\d\-])"  # United States
    r"|(?<!\d)756[.\s]?\d{4}[.\s]?\d{4}[.\s]?\d\d(?!\d)"  # Switzerland
    r"|(?<!\d)\d\d[.\s]\d\d[.\s]\d\d[\-\s]\d{3}[.\s\-]\d\d(?!\d)"  # Belgium
    r"|(?<!\d)\d\d\s\d{6}\s[A-Z]\s\d{3}(?!\d)"  # Germany
    r"|\b[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]\b"  # Italy
    r"|\b[A-CEGHJ-PR-TW-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-D]\b"  # United Kingdom, national insurance
    r"|\b(?i:nhs)\b\D{0,12}\d{3}[\s\-]?\d{3}[\s\-]?\d{4}(?!\d)"
)
_LABELLED = re.compile(
    r"\b(?:nir|insee|nhs|ssn|nss|n\s?[°o]?\s?ss|avs|ahv|dni|nie|carte\s+vitale|securite\s+sociale"
    r"|social\s+security|secu|niss|nif"
    r"|nipc|bsn|cin|utente|sns|cartao\s+de\s+cidadao|(?:numero|registre|n[°o])\s+national|rijksregister\w*"
    r"|inami|riziv|rpps|adeli"
    r"|matricule|passe?port|n[°o]\s?d'ordre)\b\D{0,12}\d{1,4}[\s.\-]?\d{2,}",
    re.IGNORECASE,
)
_NUMBER_SIGN = r"(?:n\s?[°o]\.?|no\.?|num(?:ero)?\.?|nr\.?|number|id|#)"
_HOSPITAL_LABEL = re.compile(
    r"\b(?:ipp|nip|iep|nda|mrn|hospital|dossier|sejour|admission|record|chart|patient|visite|venue|episode|archive)\b"
    rf"[\s.:=\-]*(?:medical\s*|patient\s*|hospitalier\s*|administratif\s*)?(?:{_NUMBER_SIGN})?"
    r"[\s.:=\-]*[A-Z]{0,4}[\s\-]?\d{4,}"
    r"|\b(?:ipp|nip|iep|nda|mrn)\b[\s.:=\-n°o]*[A-Z]{0,3}\d{2,}"
    r"|\b(?:n\s?[°o]|num(?:ero)?\.?|number|id)\s?[:=]?\s?[A-Z]{0,3}[\s\-]?(?:\d{5,}|\d{2,4}[\-/]\d{4,})",
    re.IGNORECASE,
)
_LETTERS_AND_DIGITS = re.compile(
    r"\b(?=(?:[A-Z]*\d){5})(?=\d*[A-Z])(?!(?:19|20)\d\d[A-Z]|\d+x\d)[A-Z\d]{7,}\b", re.IGNORECASE
)
_LONGEST_RESULT = 8  # digits
_SINGLE_DIGITS = re.compile(r"(?<![\d.,])(?:\d[\s.\-_/]){7,}\d(?![\d.,])")
_RUN = re.compile(r"\d{6,}")
_GROUPS = re.compile(r"(?<![\d.,/:])\d{2,5}(?:([ .\-])\d{2,5})(?:\1\d{2,5})+(?![\d,/])")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .]\d{3})*[ .]?000")
_YEARS = re.compile(r"(?:19|20)\d\d(?:[ .\-](?:19|20)\d\d)+")
_MEASURED_BEFORE = re.compile(
    r"(?:1\s?[/:]\s?|<|>|\b(?:plaq|plat|plt|plq|leuco|wbc|ferrit|copies|charge|load|cpk|ck|ldh|bnp|nt-?pro|titre|titer"
    r"|taux|count|lympho|numeration|reticul|proteinuri|ige|pnn|gb|tpo|valeur|value|score|dose)[\w\-]*[^.;\d]{0,15})$",
    re.IGNORECASE,
)
_MEASURED_AFTER = re.compile(
    r"\s?(?:/|copies|ui\b|iu\b|u\b|mm|µ|μ|ul\b|ml\b|g\b|mg|ng|pg|cel|plaq|plat|element|elts|%|x\s?10|mois|jours"
    r"|semaines)",
    re.IGNORECASE,
)
_STREET = (
    r"(?:rue|avenue|av\.|boulevard|bd|bld|bvd|chemin(?! de fer)|allee|impasse|ruelle|sentier|quai|faubourg"
    r"|lotissement|lieu-?dit|rond-?point|esplanade)"
)
_SQUARE = r"(?:place|route|square|residence|villa|passage|voie|cite|hameau|cours)"
_OF = r"(?:de\s+la|de\s+l'|du|des|de|d')"
_ENGLISH_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|drive|court|way|blvd|boulevard|crescent|close|terrace|square|grove)"
)
_ADDRESS = re.compile(
    rf"\b\d{{1,4}}\s?(?:bis|ter|quater)?\s?,?\s?{_STREET}\s+\w|\b{_STREET}\s+(?:{_OF}\s?)?(?-i:[A-Z])[a-z]"
    rf"|\b\d{{1,4}}\s?(?:bis|ter)?,?\s{_SQUARE}\s+(?:{_OF}\s?)?(?-i:[A-Z])[a-z'\-]+"
    rf"|\b\d{{1,5}}[a-z]?\s+(?-i:[A-Z])[\w'.\-]+(?:\s(?-i:[A-Z])[\w'.\-]+){{0,2}}\s{_ENGLISH_STREET}\b"
    r"|\b(?-i:[A-Z])[a-z\-]+(?:strasse|str\.|weg|gasse|allee)\s?\d{1,4}\b"
    r"|\b(?:via|viale|piazza|corso|calle|avenida|plaza|paseo|rua)\s+(?-i:[A-Z])[\w ']{2,30}[,\s]+\d{1,4}\b"
    r"|\b(?:habit(?:e|ant)|domicili\w*|demeurant|resid(?:e|ant|ing)|lives|living)\s+(?:(?:a|au|aux|en|in|at|rue)\s+)+"
    r"(?-i:[A-Z\d])"
    r"|\b(?:adresse|address|domicile)\s*(?:[:=]|du patient)\s*\w|\b(?:code\s+postal|postcode|zip)\s*[:=]?\s*\w*\d"
    r"|\b(?-i:[A-Z]{1,2}\d[A-Z\d]?)\s\d(?-i:[A-Z]{2})\b",
    re.IGNORECASE,
)
_POSTCODE_TOWN = re.compile(
    r"(?<![\d.,/])(?:F-)?(?:0[1-9]|[1-8]\d|9[0-8])\d{3}\s+(?:[A-Z][a-z]+|[A-Z]{4,}|L'[A-Z])(?![\d/])"
)
_LOCATION = re.compile(
    r"-?\d{1,2}[.,]\d{4,}\s?°?\s?[NS]?\s?[,;/ ]\s?-?\d{1,3}[.,]\d{4,}"
    r"|\d{1,3}°\s?\d{1,2}\s?['′]\s?(?:\d|[NSEOW])|\b(?:lat|gps)\b\W{0,4}-?\d",
    re.IGNORECASE,
)
_PLACE_OF_FILE = re.compile(
    r"\b[a-z]:[\\/]{1,2}\w|\\\\[\w\-]+\\|(?:^|\s)/(?:home|users|mnt|media|srv|data|var|tmp)/\w|\bfile://"
    r"|\bhttps?://|\bwww\.\w"
    r"|\b[\w\-]+\.(?:pdf|docx?|xlsx?|jpe?g|png|dcm|msg|eml)\b",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"https?://(?:dx\.)?(?:doi\.org|pubmed\.ncbi\.nlm\.nih\.gov|www\.ncbi\.nlm\.nih\.gov|clinicaltrials\.gov)/\S*"
    r"|\b(?:doi:?\s?)?10\.\d{4,9}/[^\s,;]+|\bpmc\s?\d{1,8}\b"
    r"|\b(?:pm(?:id|cid)s?|pubmed|publi\w*|articles?)\s?[:=n°]*\s?(?:pmc)?\d[\d ]{2,9}\d(?:\.0)?"
    r"(?:\s?(?:[,;/+&]|et|and|puis)\s?(?:pmid\s?:?\s?)?\d{7,8}(?!\d))*"
    r"|\b(?:nct|gse|prjna|srr|rs|isrctn|actrn|umin|ctri|chictr|drks|jrct[a-z]?|crd|orpha|omim|ebmt)[\s:#-]?\d{3,14}\b"
    r"|\b(?:eudract\D{0,4})?20\d\d-\d{6}-\d\d(?:-\d\d)?\b",
    re.IGNORECASE,
)
# Digits without which no number, date or position is told: five together, a long fraction, three groups, a degree.
_REFERENCED = re.compile(r"\d{4}")
_NUMERIC = re.compile(
    r"\d{5}|\d[.,]\d{4}|\d[ .\-/()]{1,3}\d+[ .\-/()]{1,3}\d|[A-Z]\d\d[A-Z]\d\d|°|(?:\d[A-Za-z]*){5}"
    r"|\d[A-Z]? \d[A-Z]{2}|\d{4}-\d{3}|\d{4} [A-Z]|[A-Z]-\d{4}"
)
_FILE_SIGNS = ("\\", ":/")
_CONTACT_SIGNS = ("@", "(a", "[a", "{a", "<a")


class _Signs(dict[int, str]):
    """A table for ``str.translate``: each sign in one spelling, worked out once."""

    def __missing__(self, code: int) -> str:
        sign = self[code] = _plain_sign(chr(code))
        return sign


def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isprintable() else " " * sign.isspace()
    category = unicodedata.category(sign)
    if category in {"Mn", "Me", "Cf", "Cc"}:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category == "Pd" or sign == "−":
        return "-"
    return " " if category[0] == "Z" else sign


_SIGNS = _Signs({code: str(sign) for code, sign in (_LOOK_ALIKES | _LATIN).items()})


def plain_text(text: str) -> str:
    """Return the text in one spelling: no accents, invisible signs, entities, look-alikes or other digits."""
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return " ".join(text.translate(_SIGNS).split())


def has_other_script(text: str) -> bool:
    """Return whether letters of another script than Latin or Greek stand in the text."""
    if text.isascii():
        return False
    same = unicodedata.normalize("NFKC", html.unescape(text))
    return any(sign.isalpha() for sign in _OTHER_SCRIPT.findall(same)) or _LETTERS_IN_BOXES.search(same) is not None


def without_references(plain: str) -> str:
    """Return a plain text without DOI, PubMed, trial and data set numbers."""
    if not _REFERENCED.search(plain):
        return plain
    return _PUBLIC.sub(" ", plain)


def pattern_kinds(plain: str, kinds: int) -> Iterator[tuple[str, bool]]:
    """Yield the kinds of identifying content that a plain text holds, and whether each is certain.

    Names and initials are left out. ``kinds`` are the kinds of its words together: a pattern is looked for where its
    words or digits stand.
    """
    plain = plain.replace("_", " ")
    numeric = _NUMERIC.search(plain) is not None
    if (kinds & Word.CONTACT or any(sign in plain for sign in _CONTACT_SIGNS)) and _EMAIL.search(plain):
        yield "e-mail", True
    if (numeric or kinds & Word.ADDRESS) and _ADDRESS.search(plain):
        yield "address", True
    if (kinds & Word.FILE or any(sign in plain for sign in _FILE_SIGNS)) and _PLACE_OF_FILE.search(plain):
        yield "file or web address", False
    if kinds & Word.BIRTH and _BIRTH.search(plain):
        yield "date of birth", True
    if (numeric or kinds & Word.LOCATION) and _LOCATION.search(plain):
        yield "location", True
    yield from _number_kinds(plain, kinds, numeric)
    if kinds & Word.SPOKEN:
        yield from spoken_kinds(plain)
    if (numeric or kinds & Word.SPOKEN) and holds_place(plain):
        yield "address", False


def _number_kinds(plain: str, kinds: int, numeric: bool) -> Iterator[tuple[str, bool]]:
    """Yield the kinds of numbers; digits that are nothing more special may be a hospital number."""
    special = dict(_special_numbers(plain, kinds, numeric))
    dates = list(_FULL_DATE.finditer(plain)) if numeric or kinds & Word.DATE else []
    if any(may_be_birth(plain, found) for found in dates):
        special["date"] = False
    yield from special.items()
    if (numeric or kinds & Word.NUMBERED) and _HOSPITAL_LABEL.search(plain):
        yield "hospital number", True
    elif numeric and not special and not dates and _has_number(plain):
        yield "hospital number", False
    town = _POSTCODE_TOWN.search(plain) if numeric else None
    if town and not _MEASURED_BEFORE.search(plain[: town.start()]):
        yield "address", False


def _special_numbers(plain: str, kinds: int, numeric: bool) -> Iterator[tuple[str, bool]]:
    """Yield the kinds of numbers that a label, a shape or check digits tell apart."""
    if (numeric or kinds & Word.NUMBERED) and _LABELLED.search(plain):
        yield "national identifier", True
    elif numeric and (checked := holds_checked_number(plain) or _NATIONAL.search(plain) is not None):
        yield "national identifier", bool(checked)
    calls = [is_telephone(found[0]) for found in _TELEPHONE.finditer(plain)] if numeric else []
    if calls:
        yield "telephone", any(calls)
    elif numeric and any(is_telephone(found[0]) for found in _THREE_GROUPS.finditer(plain)):
        yield "telephone", False
    if numeric and any(_is_nir(found) for found in _NIR.finditer(plain)):
        yield "social security number", True


def may_be_birth(plain: str, found: re.Match[str]) -> bool:
    """Return whether a date is so old that somebody who is treated may be born on it, and no event is told of it."""
    year = re.search(r"(?:19|20)\d\d$", found[0]) or re.match(r"(?:19|20)\d\d", found[0])
    short = re.search(r"\d\d$", found[0])
    late = int(year[0]) >= _NOBODY_BORN if year else short is not None and int(short[0]) in _LATE_YEARS
    return not late and _EVENT.search(plain[: found.start()]) is None


def _has_number(plain: str) -> bool:
    """Return whether digits stand together, in groups or among letters that are no result of a measurement."""
    if _SINGLE_DIGITS.search(plain) or _LETTERS_AND_DIGITS.search(plain):
        return True
    if any(not _is_measured(plain, found) for found in _RUN.finditer(plain)):
        return True
    return any(_is_grouped_number(plain, found) for found in _GROUPS.finditer(plain))


def _is_nir(found: re.Match[str]) -> bool:
    """Return whether 13 or 15 digits have the structure of a NIR; a wrong key does not clear them."""
    department = found[4].upper()
    return department in {"2A", "2B"} or 1 <= int(department) <= 99


def _is_measured(plain: str, found: re.Match[str]) -> bool:
    """Return whether a run of digits reads as a result: a titre, a decimal, a unit or round thousands."""
    if len(found[0]) > _LONGEST_RESULT:
        return False
    before, after = plain[: found.start()], plain[found.end() :]
    if re.search(r"\d[.,]$", before) or _MEASURED_AFTER.match(after):
        return True
    return found[0].endswith("000") or _MEASURED_BEFORE.search(before[-40:]) is not None


def _is_grouped_number(plain: str, found: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", found[0])
    if len(digits) < 10 or _THOUSANDS.fullmatch(found[0]) or _YEARS.fullmatch(found[0]):
        return False
    return not (_MEASURED_AFTER.match(plain[found.end() :]) or _MEASURED_BEFORE.search(plain[: found.start()][-40:]))
