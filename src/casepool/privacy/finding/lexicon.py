"""What a single word can be: part of a person's name, a medical word, a place, an eponym, a label."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

from casepool.model.message import FAST_LOADER
from casepool.privacy.finding.dictionary import is_word


@cache
def content_of(file: str) -> Any:
    """Return the content of a word list of the package."""
    source = files("casepool.privacy.finding").joinpath(f"{file}.yaml")
    return yaml.load(source.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 (safe)


class Word:
    """Bits of a word's kind. Plain integers: an enum costs ten times the time on 100,000 rows."""

    GIVEN: Final = 1 << 0  # a given name and hardly anything else
    GIVEN_OR_SURNAME: Final = 1 << 1
    GIVEN_OR_WORD: Final = 1 << 2
    SURNAME: Final = 1 << 3
    EPONYM: Final = 1 << 4
    KNOWN: Final = 1 << 5  # a medical or common word, a place, a medicine, an abbreviation
    TITLE: Final = 1 << 6  # Mme, Dr
    LABEL: Final = 1 << 7  # patient, fille: a name may follow
    FIELD: Final = 1 << 8  # nom, initiales: a name follows
    INSTITUTION: Final = 1 << 9
    HEAD: Final = 1 << 10  # syndrome, maladie: an eponym follows
    CAPITALISED: Final = 1 << 11
    CAPITALS: Final = 1 << 12
    INITIAL: Final = 1 << 13
    INFLECTED: Final = 1 << 14  # has a plural and a feminine form
    PHRASE: Final = 1 << 15  # the first word of a known phrase
    # Words without which some patterns need not be looked for.
    DATE: Final = 1 << 16
    BIRTH: Final = 1 << 17
    CONTACT: Final = 1 << 18
    NUMBERED: Final = 1 << 19
    ADDRESS: Final = 1 << 20
    FILE: Final = 1 << 21
    LETTER: Final = 1 << 22  # one letter
    LOCATION: Final = 1 << 23
    SUSPECT: Final = 1 << 24  # a name may begin here
    COMMON: Final = 1 << 25  # known as a word of the language alone, no medical one
    MEDICINE: Final = 1 << 26
    SPOKEN: Final = 1 << 27  # a day, a number, a place or an occupation in words may begin here


UPPER: Final = Word.CAPITALISED | Word.CAPITALS
UNDERSTOOD: Final = Word.KNOWN | Word.EPONYM
SURE_NAME: Final = Word.GIVEN | Word.GIVEN_OR_SURNAME | Word.SURNAME
GIVEN_NAME: Final = Word.GIVEN | Word.GIVEN_OR_SURNAME | Word.GIVEN_OR_WORD
NAME: Final = GIVEN_NAME | Word.SURNAME
_SUSPECT: Final = NAME | Word.TITLE | Word.LABEL | Word.FIELD

FOREIGN_PARTICLES = frozenset({"van", "von", "der", "den", "di", "del", "della", "dos", "da", "al", "el"})
PARTICLES = FOREIGN_PARTICLES | {"de", "du", "des", "d", "la", "le", "les", "l"}
_ROLES = {
    Word.TITLE: """m mr mme mlle mrs ms miss dr dre pr prof professeur docteur monsieur madame mademoiselle doctor
        professor mister herr frau dott dottore signor signora senor senora mesdames messieurs
        melle mlles mmes dra sra sr srta dona dom senhor senhora meneer mevrouw mevr dhr heer me maitre""",
    Word.LABEL: """patient patiente pt pte malade sujet subject nomme nommee denomme denommee appelle appele appelee
        named nee epouse veuve alias mari femme fille fils frere soeur mere pere conjoint conjointe
        son daughter wife husband mother father brother sister chez homonyme ep jumeau jumelle neveu niece cousin
        cousine oncle tante conjoints famille idem contact""",
    Word.FIELD: """nom prenom prenoms init name surname forename firstname lastname patronyme initiale initiales
        initials""",
    Word.INSTITUTION: """hopital hopitaux hop chu chr chru chi chic chd ch ghu gh ght ghi hia clinique clinic
        polyclinique centre center hospital institut institute fondation foundation universite university faculte
        hospices klinikum klinik ospedale policlinico maternite pavillon batiment site college
        az algemeen ziekenhuis ziekenhuizen cliniques hospitalier hospitalar centro hus inselspital
        kantonsspital universitatsspital sanatorium cohorte infirmary uz umc rcp filiere
        reseau chuv saint sainte st ste sao sint ibn hadj san santa sankt spital campus essai trial
        etude study protocole registre""",
    Word.HEAD: """syndrome maladie score criteres critere classification test signe phenomene indice technique anti
        disease thyroidite thyroiditis lymphoma lymphome methode formule echelle stade type virus germe souche lot
        antigene antigenes epreuve schema loi regle mutation gene""",
    0: "et of the sur en a",
}
MONTHS = (
    r"janv(?:ier)?|jan(?:uary|uar)?|fev(?:r(?:ier)?)?|feb(?:ruary|ruar)?|mars|mar(?:ch)?|maerz|marz|avr(?:il)?|apr(?:il|ile)?|mai|may"
    r"|juin|jun[ei]?|juil(?:let)?|jul[yi]?|aout|aug(?:ust)?|sep(?:t(?:embre|ember)?)?|oct(?:obre|ober)?|okt(?:ober)?"
    r"|nov(?:embre|ember)?|dec(?:embre|ember)?|dez(?:ember)?|gennaio|febbraio|marzo|maggio|giugno|luglio|agosto|settembre"
    r"|ottobre|dicembre|enero|febrero|abril|mayo|junio|julio|septiembre|octubre|noviembre|diciembre"
)
_TRIGGERS = {
    # 12mars2021 is one word
    Word.DATE: rf"(?:\d+(?:er|st|nd|rd|th)?)?(?:{MONTHS})\d*",
    Word.BIRTH: r"nee?s?|ddn|dob|b|naiss\w*|birth\w*|born|geb\w*|nacid[oa]|nacimiento|nat[oa]|nascita",
    Word.CONTACT: r"arobase|at|dot|point|e?mails?|courriel|mel|a|tel|telephone|phone|portable|mobile|gsm|fax|cell",
    Word.NUMBERED: r"""ipp|nip|iep|nda|mrn|hospital|dossier|sejour|admission|record|chart|patient|visite|venue
        |episode|id|nir|insee|nhs|ssn|avs|ahv|dni|nie|vitale|sociale|social|secu|n|no|num|numero|number|archive
        |nss|ss|niss|nif|nipc|bsn|cin|utente|sns|cidadao|national|rijksregister\w*|inami|riziv|rpps|adeli|matricule
        |passe?port|ordre""",
    Word.LOCATION: "lat|latitude|gps|longitude",
    Word.ADDRESS: r"""rue|avenue|av|boulevard|bd|bld|bvd|chemin|allee|impasse|ruelle|sentier|quai|faubourg|lotissement
        |lieu|lieudit|rond|rondpoint|esplanade|place|route|square|residence|villa|passage|voie|cite|hameau|cours|street|st
        |road|rd|ave|lane|drive|court|way|blvd|crescent|close|terrace|via|viale|piazza|corso|calle|avenida|plaza|paseo|rua
        |habit\w*|domicil\w*|demeurant|resid\w*|lives|living|adresse|address|postal|postcode|zip
        |\w*(?:strasse|str|weg|gasse)""",
    Word.SPOKEN: r"""nee?s?|mille?|mil|anniversaire|fete\w*|birthday|geb\w*|nascid[oa]|d|ddn|dn|data|date|naiss\w*
        |zero|plus|dect|poste|bip|beeper|ext|extension|vit|vivant|habit\w*|resid\w*|domicil\w*|demeur\w*|lives|living|mora|vive|woont
        |wohn\w*|inwoner|travail\w*|ehpad|maison|prison|detenue?|couvent|monastere|caserne|village|hamlet|parish|island|isle|only|hameau|bourg|commune|paroisse|ile
        |quartier|equipe|jeux|olympique|centenaire|doyen(?:ne)?|seule?|victime|rescapee?|survivante?|employee?|adjointe?
        |professeure?s?|bonne|chef|cure|joueu(?:r|se)|pilote|patronn?e?|lieu|lieudit|lotissement|cite|hlm|pl|r|bd|av|ch|imp|all
        |rte|sq|bp|cs|tsa|boite|za|zi|zac|zone|bloc|bat\w*|app\w*|etage|rue|avenue|chaussee|place|quai|square|rua|avenida|travessa
        |largo|praca|calcada|bairro|\w*(?:straat|laan|steenweg|plein|dreef|kaai|strasse|gasse|weg)""",
    Word.FILE: r"www|https?|file|pdf|docx?|xlsx?|jpe?g|png|dcm|msg|eml|home|users|mnt|media|srv|data|var|tmp",
}
_OCCUPATIONS = content_of("known_words")["occupations"].split()
_OCCUPATION = re.compile("|".join(one.split("[-]")[0] for one in _OCCUPATIONS))
_TRIGGER = {bit: re.compile(re.sub(r"\s+", "", words)) for bit, words in _TRIGGERS.items()}
_SUFFIX = re.compile(
    r"(?:ites?|itis|oses?|osis|emies?|emi[ac]|emiques?|uries?|uria|pathi(?:es?|ques?)|pathy|penies?|penia|plasi(?:es?|a)"
    r"|phili(?:es?|a)|iques?|tions?|sions?|ments?|mabs?|nibs?|cepts?|parine?|azoles?|cyclines?|cillines?|floxacine"
    r"|solones?|statines?|sartan|oside|eux|euses?|ismes?|isms?|[ae]nces?|logi(?:es?|ques?)|logy|grammes?"
    r"|graphi(?:es?|ques?)|graphy|scop(?:ies?|y)|ectom(?:y|ies?)|plasties?|therap(?:y|ies?)|globulin(?:es?|s?)|cytes?|cytic|cytaires?"
    r"|blast(?:es?|s?)|genes?|genic|[ai]bles?|ifs?|i[vt]es?|[ivl]ity|ness|bility|ically?|at(?:ed|ing|e)|i[sz](?:ed|ing|e)|oides?|omes?|omas?"
    r"|aires?|iases?|olases?|spasmes?|asm[ae]s?|phora|tropic|trophic|lytic|ees?)$"
)
_SHORTEST_WITH_SUFFIX = 7
_LONG_IE = re.compile(r"\w{7,}ies?$")  # paraplegie; given names in -ie are listed
_ROMAN = re.compile(r"[IVX]{2,}[a-e]?")


@lru_cache(maxsize=200_000)
def kind_of(word: str) -> int:
    """Return what a word without accents can be, as bits of Word."""
    word = word.replace("'", "")  # O'Brien
    low = word.lower()
    triggers = sum(bit for bit, pattern in _TRIGGER.items() if pattern.fullmatch(low))
    if not triggers & Word.SPOKEN and _OCCUPATION.fullmatch(low):
        triggers |= Word.SPOKEN
    if not word.isalpha() or _ROMAN.fullmatch(word):
        return Word.KNOWN | triggers
    kind = _meaning(low) | _shape(word)
    suspect = kind & _SUSPECT or not kind & UNDERSTOOD or (kind & UPPER and kind & Word.COMMON)
    return kind | triggers | (Word.SUSPECT if suspect else 0)


@cache
def known_phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return first word → the phrases of two or more words that name a disease or hospital by a person."""
    phrases = [tuple(phrase.split()) for phrase in content_of("known_words")["phrases"].split(";")]
    return {first: tuple(phrase for phrase in phrases if phrase[0] == first) for first in {one[0] for one in phrases}}


def _meaning(low: str) -> int:
    kind = _lexicon().get(low, 0)
    if kind & ~Word.PHRASE:
        return kind
    if low[-1] in "sxe" and _lexicon().get(low[:-1], 0) & Word.INFLECTED:
        return kind | Word.KNOWN
    if len(low) >= _SHORTEST_WITH_SUFFIX and (_SUFFIX.search(low) or _LONG_IE.match(low)):
        return kind | Word.KNOWN
    return kind | (Word.KNOWN | Word.COMMON if is_word(low) else 0)


def _shape(word: str) -> int:
    if len(word) == 1:
        return Word.LETTER | (Word.INITIAL if word.isupper() else 0)
    if not word[0].isupper():
        return 0
    return Word.CAPITALS if word.isupper() else Word.CAPITALISED


@cache
def _lexicon() -> dict[str, int]:
    names, known = content_of("person_names"), content_of("known_words")
    sections = [(words, int(getattr(Word, name.upper()))) for name, words in names.items()]
    sections += [(known[name], Word.KNOWN) for name in ("places", "abbreviations")]
    sections += [(known["medicines"], Word.KNOWN | Word.MEDICINE)]
    sections += [(known["words"], Word.KNOWN | Word.INFLECTED), (known["eponyms"], Word.EPONYM)]
    sections += [(words, role | Word.KNOWN) for role, words in _ROLES.items()]
    sections += [(" ".join(PARTICLES), Word.KNOWN), (" ".join(known_phrases()), Word.PHRASE)]
    lexicon: dict[str, int] = {}
    for words, kind in sections:
        for word in words.split():
            lexicon[word] = lexicon.get(word, 0) | kind
    return lexicon
