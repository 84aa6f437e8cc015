"""What is wrong with the data, told in French or English.

The checks word their expectations in English, next to the rule. `_FRENCH` holds the French of each,
as patterns; a test makes sure that none of the data contract is left untranslated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from casepool.analysis.check_data import CheckReport
from casepool.errors import Problem, format_problems
from casepool.vocabulary import label

_FRENCH: tuple[tuple[str, str], ...] = (
    (r"a text", "un texte"),
    (r"a whole number", "un nombre entier"),
    (r"a number", "un nombre"),
    (r"a date YYYY-MM-DD", "une date AAAA-MM-JJ ou JJ/MM/AAAA"),
    (r"a (whole number|number) from (\S+) to (\S+)", "un {1} de {2} à {3}"),
    (r"a (whole number|number), at least (\S+)", "un {1} d’au moins {2}"),
    (
        r"an id of letters, digits and _ - \. : without spaces",
        "un identifiant : lettres, chiffres et _ - . :, sans espace",
    ),
    (r"a PubMed id of at most 9 digits", "un identifiant PubMed de 9 chiffres au plus"),
    (r"a PMC id such as (\S+)", "un identifiant PMC comme {1}"),
    (r"a DOI such as (\S+)", "un DOI comme {1}"),
    (r"a language code of two letters, as en or fr", "un code de langue de deux lettres, comme en ou fr"),
    (r"a SHA-256 of 64 hexadecimal digits", "un SHA-256 de 64 chiffres hexadécimaux"),
    (r"the place in the source \(table, page, section\)", "l’endroit dans la source (tableau, page, section)"),
    (r"the id of the person who read the source", "l’identifiant de la personne qui a lu la source"),
    (r"at most (\S+) of the same row", "au plus {1} de la même ligne"),
    (r"(.+) at most (\S+)", "{1} au plus égal à {2}"),
    (r"a number where (\S+) is told", "un nombre dès que {1} est renseigné"),
    (r"yes only for a patient who responded", "oui seulement pour un patient répondeur"),
    (
        r"a reason where decision = exclude, and empty otherwise",
        "un motif si decision = exclude, une case vide sinon",
    ),
    (r"a readable CSV or XLSX file", "un fichier CSV ou XLSX lisible"),
    (r"a header: (.+)", "un en-tête : {1}"),
    (
        r"(\d+) cells as in the header \(a text with a comma stands in quotation marks\)",
        "{1} cases comme dans l’en-tête (un texte avec une virgule se met entre guillemets)",
    ),
    (r"each column once", "chaque colonne une seule fois"),
    (r"the columns of the data contract", "les colonnes du contrat de données (docs/data.md)"),
    (r"each key once", "chaque clé une seule fois"),
    (r"a report_id of reports\.csv", "un report_id de reports.csv"),
    (r"a disease id of the protocol", "l’identifiant d’une maladie du protocole"),
    (r"a case id, report_id/(\S+)", "l’identifiant d’un cas, report_id/{1}"),
    (
        r"case ids or report ids that exist, separated by semicolons",
        "des identifiants de cas ou de publications qui existent, séparés par des points-virgules",
    ),
    (
        r"at least one row in patients\.csv or cohorts\.csv for an included report",
        "au moins une ligne dans patients.csv ou cohorts.csv pour une publication incluse",
    ),
    (r"a row in appraisal\.csv for an included report", "une ligne dans appraisal.csv pour une publication incluse"),
    (
        r"a text with a term of disease_terms\.csv for (\S+) \(its longest term means (\S+)\)",
        "un texte contenant un terme de disease_terms.csv pour {1} (son terme le plus long désigne {2})",
    ),
    (r"the name of a curated table", "le nom d’une table de data/curated"),
    (r"a column of the table", "une colonne de la table"),
    (r"the key of one row, as (.+)", "la clé d’une seule ligne, comme {1}"),
    (r"the value that stands there now \((.*)\)", "la valeur qui s’y trouve maintenant ({1})"),
    (r"a record of the raw files \(data/raw\)", "une référence des fichiers bruts (data/raw)"),
    (
        r"a record of the raw files with its PMID, DOI or key",
        "une référence des fichiers bruts avec son PMID, DOI ou sa clé",
    ),
    (r"(.+), as screening\.csv says of (\S+)", "{1}, comme screening.csv le dit de {2}"),
    (
        r"exclude: the protocol's rules find no eligible case in this report",
        "exclude : les règles du protocole ne trouvent aucun cas éligible dans cette publication",
    ),
    (r"include: by the protocol's rules (.+) is eligible", "include : selon les règles du protocole, {1} est éligible"),
    (r"raw files as described", "des fichiers bruts conformes à leur description"),
    (r"decisions that agree with each other", "des décisions qui s’accordent entre elles"),
)
_WORDS = {"whole number": "nombre entier", "number": "nombre"}


def expected_in_french(expected: str) -> str | None:
    """Return the French of an expectation, or None where it has none."""
    if expected.startswith("one of "):
        members = expected.removeprefix("one of ").split(", ")
        return "l’une des valeurs " + ", ".join(f"{member} ({label(member, 'fr')})" for member in members)
    for pattern, french in _FRENCH:
        match = re.fullmatch(pattern, expected)
        if match:
            groups = [_WORDS.get(group, group) for group in match.groups()]
            return french.format(expected, *groups)
    return None


def problem_text(problem: Problem, language: str) -> str:
    """Return one problem as a sentence in `language`."""
    if language != "fr":
        return str(problem)
    place = ", ".join(
        part for part in (problem.file, f"ligne {problem.row}" if problem.row else "", problem.key) if part
    )
    found = f"{problem.column} = {problem.found}" if problem.column else problem.found
    expected = expected_in_french(problem.expected) or problem.expected
    hint = f" Vouliez-vous dire « {problem.nearest} » ?" if problem.nearest else ""
    return f"{place} : {found} ; attendu : {expected}.{hint}"


def problems_text(problems: Iterable[Problem], language: str) -> str:
    """Return all problems, one a line, under a line that counts them."""
    listed = tuple(problems)
    if language != "fr":
        return format_problems(listed)
    noun = "problème" if len(listed) == 1 else "problèmes"
    lines = (f"  {problem_text(problem, language)}" for problem in listed)
    return "\n".join([f"{len(listed)} {noun} dans les données :", *lines])


def check_text(report: CheckReport, language: str) -> str:
    """Return what a check found, for a terminal."""
    read, normalised, none = _HEADINGS[language]
    rows = ", ".join(f"{name} {n}" for name, n in report.n_rows.items())
    lines = [f"{normalised}: {note}" for note in report.notes] + [f"{read}: {rows}"]
    return "\n".join([*lines, problems_text(report.problems, language) if report.problems else none])


_HEADINGS = {
    "en": ("rows read", "normalised", "no problems"),
    "fr": ("lignes lues ", "normalisé ", "aucun problème"),
}
