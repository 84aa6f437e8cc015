"""What must never be sent: identifying content, planted so that tests can look for it in every output.

Nobody is meant. The number has the form of a French social security number with a country that does not exist,
the telephone lies in the range kept for fiction, the address ends in ``.invalid``.
"""

from __future__ import annotations

import csv
from io import StringIO

from casepool.contract.registry import FORM
from casepool.model.protocol import Protocol
from casepool.registry.form.texts import form_texts
from casepool.typing import Row
from demo.design import MARK

FILE = "centre-zeta-refused.csv"
CENTRE = "Centre Zêta, Lieu-Dit-Imaginaire"
NAME = "Zébulonne Fictivat"
NIR = "299019999999929"
E_MAIL = "z.fictivat@hopital-imaginaire.invalid"
TELEPHONE = "06 39 98 47 11"
BIRTH_DATE = "29/02/1904"
HOSPITAL_NUMBER = "IPP 8800417723"
ALL = (CENTRE, NAME, NIR, E_MAIL, TELEPHONE, BIRTH_DATE, HOSPITAL_NUMBER)

_FURTHER = {
    "Nom et prénom": NAME,
    "Date de naissance": BIRTH_DATE,
    "Numéro de sécurité sociale": NIR,
    "Courriel": E_MAIL,
}
_NOTES = (f"{MARK} ; joindre au {TELEPHONE}", f"{MARK} ; {HOSPITAL_NUMBER}")
N_ROWS = len(_NOTES)


def refused_file(template: Row, protocol: Protocol) -> bytes:
    """Return a file of two patients with columns and remarks that identify them.

    Parameters
    ----------
    template : a row of the form.
    """
    labels = form_texts("fr", protocol).labels
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*(labels[name] for name in FORM.names), *_FURTHER])
    for number, note in enumerate(_NOTES, start=1):
        row = template | {"centre": CENTRE, "patient_code": f"P{number}", "note": note}
        writer.writerow([*("" if row[name] is None else row[name] for name in FORM.names), *_FURTHER.values()])
    return buffer.getvalue().encode("utf-8")
