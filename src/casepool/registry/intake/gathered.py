"""The rows of all files together, each with the centre and the patient that it is about."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from casepool.contract.registry import CODE_PATTERN, FORM
from casepool.privacy.pseudonym import case_pseudonym, centre_pseudonym
from casepool.registry.intake.agreement import Stance
from casepool.registry.intake.centres import Centres
from casepool.registry.intake.judged_returns import JudgedReturn
from casepool.registry.intake.tables import no_rows

_OF_ROWS = {"return_label": "string", "row": "int64", "valid": "bool", "stance": "string", "hidden": "bool"}
_PATIENT = ["centre", "patient_code", "filled_on"]


def gathered_rows(returns: Mapping[str, JudgedReturn], centres: Centres, key: bytes) -> pd.DataFrame:
    """Return the typed rows of all files that were read.

    Columns: those of the form, ``return_label``, ``row``, ``valid`` (without a fault), ``stance``, ``hidden``
    (may tell who somebody is), and those of `_identified`.
    """
    pieces = [
        one.checked.typed.assign(
            return_label=label,
            row=one.lines,
            valid=~one.checked.at_fault,
            stance=one.checked.stances,
            hidden=one.hidden,
        )
        for label, one in returns.items()
        if one.checked is not None
    ]
    rows = pd.concat(pieces, ignore_index=True) if pieces else no_rows(FORM.dtypes | _OF_ROWS)
    return _identified(rows, centres, key)


def objections_elsewhere(returns: Mapping[str, JudgedReturn], centres: Centres, key: bytes) -> pd.DataFrame:
    """Return the objections in files that were not read, with the columns of `gathered_rows` but few of the form."""
    pieces = [
        one.objections.assign(return_label=label, row=one.objections.index)
        for label, one in returns.items()
        if one.objections is not None and len(one.objections)
    ]
    empty = pd.DataFrame(columns=[*_PATIENT, "return_label", "row"]).astype("string").astype({"row": "int64"})
    told = pd.concat(pieces, ignore_index=True) if pieces else empty
    return _identified(told.assign(stance=str(Stance.OBJECTS)), centres, key)


def _identified(rows: pd.DataFrame, centres: Centres, key: bytes) -> pd.DataFrame:
    """Return the rows with ``identity`` (key of the centre), ``centre_pseudonym`` and ``pseudonym`` of the patient.

    The patient is empty where the number is none, and where cells are out of place.
    """
    known = {name: centres.of(name) for name in rows["centre"].dropna().unique()}
    identity = rows["centre"].map(known).astype("string")
    of_centre = {centre: centre_pseudonym(key, centre) for centre in known.values()}
    fits = rows["patient_code"].str.fullmatch(CODE_PATTERN).fillna(value=False)
    fits &= identity.notna() & (rows["stance"] != Stance.UNKNOWN)
    pairs = zip(identity, rows["patient_code"], np.asarray(fits, dtype=bool), strict=True)
    pseudonyms = [case_pseudonym(key, centre, code) if told else None for centre, code, told in pairs]
    return rows.assign(
        identity=identity,
        centre_pseudonym=identity.map(of_centre).astype("string"),
        pseudonym=pd.array(pseudonyms, dtype="string"),
    )
