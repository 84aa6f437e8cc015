"""The plan of the invented world: centres, publications, and who is told where.

The plan fixes what must come out (numbers by disease, centre, response and publication); chance only fills in
ages, doses and the like. In all treated patients the response rates are ``TRUE_RATES``, and a responder is
``REPORTING_RATIO`` times as likely to be published as a patient without response; the numbers below are what
this yields, rounded to whole patients.
"""

from __future__ import annotations

from dataclasses import dataclass

SEED = 20200229
MARK = "SYNTHETIC"
SNAPSHOT = "2026-01-15"
READ_ON = "2026-01-20"
READERS = ("synthetic_reader_a", "synthetic_reader_b")
# Public on purpose: it protects nobody, it only makes the pseudonyms of the demonstration the same everywhere.
DEMO_KEY = "demo-key-of-invented-patients-never-use-it-for-real-ones"

REPORTING_RATIO = 4.0
TRUE_RATES = {
    "sle": 0.75,
    "aps": 0.5,
    "sjogren": 0.5,
    "aav": 0.6,
    "itp": 0.5,
    "waiha": 0.5,
    "evans": 0.5,
    "prca": 0.7,
    "mixed_cryoglobulinaemia": 0.4,
}


@dataclass(frozen=True)
class Centre:
    """A centre that answers the call; `n_treated` is empty where it reports every patient."""

    key: str
    name: str
    published_as: str
    country: str
    team: str
    n_treated: int | None = None


CENTRES = {
    centre.key: centre
    for centre in (
        Centre("alpha", "Centre Alpha, Ville-Exemple", "Alpha Hospital, Ville-Exemple", "France", "Modele V"),
        Centre("beta", "Centre Bêta, Bourg-Modèle", "Beta Hospital, Bourg-Modèle", "France", "Fictif B"),
        Centre("gamma", "Centre Gamma, Port-Fictif", "Gamma University Hospital, Port-Fictif", "France", "Factice G"),
        Centre("delta", "Centre Delta, Mont-Imaginé", "Hôpital Delta, Mont-Imaginé", "France", "Simule D"),
        Centre(
            "epsilon", "Centre Epsilon, Hameau-Fictif", "Epsilon Hospital, Hameau-Fictif", "France", "Postiche E", 14
        ),
        Centre("eta", "Centre Eta, Stad-Voorbeeld", "Eta Hospital, Stad-Voorbeeld", "Belgium", "Verzonnen H", 17),
    )
}


@dataclass(frozen=True)
class Publication:
    """An invented publication; `detail` says how much it tells of a patient: full, brief or scant."""

    report_id: str
    author: str
    year: int
    topic: str
    kind: str = "case_report"
    centre: str = ""
    country: str = ""
    detail: str = "full"
    excluded: str = ""
    has_doi: bool = True


PUBLICATIONS = (
    Publication("invented2021", "Invented A", 2021, "autoimmune cytopenia", "case_series", "alpha"),
    Publication("example2022", "Example B", 2022, "refractory lupus", "case_report", "alpha"),
    Publication("sample2021", "Sample C", 2021, "autoimmune cytopenia", "case_series", "beta", detail="brief"),
    Publication("fictive2022", "Fictive D", 2022, "lupus", "letter", "beta", detail="scant", has_doi=False),
    Publication("mockup2023", "Mockup E", 2023, "pure red cell aplasia", "case_report", "beta"),
    Publication(
        "dummy2021",
        "Dummy F",
        2021,
        "warm autoimmune haemolytic anaemia",
        "conference_abstract",
        "gamma",
        detail="brief",
        has_doi=False,
    ),
    Publication("dummy2022", "Dummy F", 2022, "warm autoimmune haemolytic anaemia", "case_series", "gamma"),
    Publication("pretend2023", "Pretend G", 2023, "ITP and Evans syndrome", "case_series", "gamma"),
    Publication("phantom2022", "Phantom H", 2022, "immune thrombocytopenia", "letter", "delta", detail="scant"),
    Publication("notional2023", "Notional I", 2023, "autoimmune diseases", "case_series", "delta"),
    Publication("specimen2022", "Specimen J", 2022, "autoimmune diseases", "case_series", "epsilon"),
    Publication("template2023", "Template K", 2023, "red cell aplasia", "letter", "epsilon", detail="scant"),
    Publication("muster2020", "Muster L", 2020, "ITP of the adolescent", "case_report", "epsilon", excluded="under_18"),
    Publication("beispiel2022", "Beispiel M", 2022, "ANCA vasculitis", "letter", "eta", detail="scant"),
    Publication("voorbeeld2023", "Voorbeeld N", 2023, "Evans syndrome, a failure", "case_report", "eta"),
    Publication(
        "exempel2021", "Exempel O", 2021, "cold agglutinins", "case_report", "eta", excluded="disease_not_eligible"
    ),
    Publication("esempio2021", "Esempio P", 2021, "systemic lupus", "case_series", country="Germany"),
    Publication("ejemplo2022", "Ejemplo Q", 2022, "chronic ITP", "case_series", country="Italy"),
    Publication("exemplo2020", "Exemplo R", 2020, "pure red cell aplasia", "case_series", country="United States"),
    Publication("primer2023", "Primer S", 2023, "haemolysis and Evans syndrome", "case_series", country="Japan"),
    Publication("przyklad2022", "Przyklad T", 2022, "antiphospholipid antibodies", "case_series", country="Spain"),
    Publication("esimerkki2021", "Esimerkki U", 2021, "ANCA vasculitis", "case_series", country="United Kingdom"),
    Publication("pelda2021", "Pelda V", 2021, "warm AIHA", "case_report", country="Italy"),
    Publication("ornek2023", "Ornek W", 2023, "ITP in one patient", "letter", country="Belgium", detail="scant"),
    Publication("esempla2022", "Esempla X", 2022, "warm haemolysis", "letter", country="France", detail="scant"),
    Publication("paradigma2023", "Paradigma Y", 2023, "haemolytic anaemia", "letter", country="France", detail="scant"),
    Publication("misal2022", "Misal Z", 2022, "refractory haemolysis", "letter", country="France", detail="scant"),
    Publication("pregled2022", "Pregled C", 2022, "autoimmune cytopenia", "letter", country="Italy", excluded="review"),
    Publication("primjer2022", "Primjer A", 2022, "warm AIHA, all treated", "retrospective_cohort", country="Italy"),
)
PUBLICATION = {one.report_id: one for one in PUBLICATIONS}
# A cohort that is told by counts, with all its patients; one of them is told singly too.
COHORT_REPORT, COHORT_MEMBER_REPORT = "primjer2022", "pelda2021"
COHORT_DISEASE, COHORT_N, COHORT_RESPONSES = "waiha", 12, 6

RESPONDER, NON_RESPONDER, NOT_EVALUABLE = "responder", "non_responder", "not_evaluable"


@dataclass(frozen=True)
class Block:
    """Some patients with the same fate.

    Attributes
    ----------
    centre : reports them to the registry; empty: known from the literature only.
    told_in : the publications that tell them.
    published : what the centre answers to "published?"; empty: the truth.
    names_doi : whether the centre names the DOI.
    role : who is chosen for a task of the demonstration (see README).
    twin_of : role of the registry patient whom these resemble without being the same person.
    """

    disease: str
    response: str
    centre: str = ""
    n: int = 1
    told_in: tuple[str, ...] = ()
    published: str = ""
    names_doi: bool = False
    role: str = ""
    twin_of: str = ""


_R, _N = RESPONDER, NON_RESPONDER
_ABSTRACT_AND_ARTICLE = ("dummy2021", "dummy2022")

REGISTRY_BLOCKS = (
    # Four centres report every patient.
    Block("itp", _R, "alpha", 2, ("invented2021",)),
    Block("itp", _R, "alpha"),
    Block("itp", _N, "alpha", 2),
    Block("waiha", _R, "alpha", 1, ("invented2021",)),
    Block("waiha", _N, "alpha"),
    Block("sle", _R, "alpha", 1, ("example2022",), names_doi=True),
    Block("itp", _R, "beta", 1, ("sample2021",)),
    Block("itp", _N, "beta", 1, ("sample2021",)),
    Block("itp", _R, "beta"),
    Block("itp", _N, "beta", 2),
    Block("waiha", _R, "beta", 1, ("sample2021",)),
    Block("waiha", _R, "beta", published="not_reported", role="twin_third"),
    Block("waiha", _N, "beta"),
    Block("sle", _R, "beta", 1, ("fictive2022",), role="doubtful"),
    Block("prca", _R, "beta", 1, ("mockup2023",), names_doi=True),
    Block("itp", _R, "gamma", 1, ("pretend2023",)),
    Block("itp", _R, "gamma", role="corrected"),
    Block("itp", _N, "gamma"),
    Block("itp", _N, "gamma", role="unique"),
    Block("itp", NOT_EVALUABLE, "gamma"),
    Block("waiha", _R, "gamma", 2, _ABSTRACT_AND_ARTICLE),
    Block("waiha", _N, "gamma", 1, ("dummy2022",)),
    Block("waiha", _N, "gamma"),
    Block("waiha", _N, "gamma", role="twin_decided"),
    Block("evans", _R, "gamma", 1, ("pretend2023",), names_doi=True),
    Block("mixed_cryoglobulinaemia", _N, "gamma", role="alone"),
    Block("itp", _R, "delta", 1, ("phantom2022",), role="doubtful"),
    Block("itp", _R, "delta"),
    Block("itp", _N, "delta", 2),
    Block("waiha", _R, "delta", 2, ("notional2023",)),
    Block("waiha", _N, "delta"),
    Block("sle", _N, "delta"),
    Block("aav", _N, "delta", 1, ("notional2023",), names_doi=True),
    # Two centres choose whom to report.
    Block("itp", _R, "epsilon", 1, ("specimen2022",), names_doi=True),
    Block("sle", _R, "epsilon", 1, ("specimen2022",)),
    Block("prca", _R, "epsilon", 1, ("template2023",), published="not_reported", role="decided"),
    Block("itp", _R, "epsilon", 1, ("muster2020",), role="minor"),
    Block("waiha", _R, "epsilon", published="not_reported", role="twin_second"),
    Block("aav", _R, "eta", 1, ("beispiel2022",), published="not_reported", role="doubtful"),
    Block("evans", _N, "eta", 1, ("voorbeeld2023",)),
    Block("cold_agglutinin", _R, "eta", 1, ("exempel2021",)),
    Block("itp", _R, "eta", published="not_reported", role="twin_first"),
)

LITERATURE_BLOCKS = (
    Block("sle", _R, "", 6, ("esempio2021",)),
    Block("itp", _R, "", 3, ("ejemplo2022",)),
    Block("itp", _N, "", 1, ("ejemplo2022",)),
    Block("prca", _R, "", 3, ("exemplo2020",)),
    Block("waiha", _R, "", 1, ("primer2023",)),
    Block("evans", _R, "", 2, ("primer2023",)),
    Block("evans", _N, "", 1, ("primer2023",)),
    Block("aps", _R, "", 1, ("przyklad2022",)),
    Block("aps", _N, "", 1, ("przyklad2022",)),
    Block("sjogren", _R, "", 1, ("przyklad2022",)),
    Block("aav", _R, "", 2, ("esimerkki2021",)),
    Block("waiha", _R, "", 1, (COHORT_MEMBER_REPORT,), role="in_cohort"),
    Block("itp", _R, "", 1, ("ornek2023",), twin_of="twin_first"),
    Block("waiha", _R, "", 1, ("esempla2022",), twin_of="twin_second"),
    Block("waiha", _R, "", 1, ("paradigma2023",), twin_of="twin_third"),
    Block("waiha", _N, "", 1, ("misal2022",), twin_of="twin_decided"),
)
