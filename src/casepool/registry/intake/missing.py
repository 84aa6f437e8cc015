"""Words and codes by which an answer is said to be missing, in whatever file: Unknown, Inconnu, a centre's own -77."""

from __future__ import annotations

from collections.abc import Set
from functools import partial

import pandas as pd

from casepool.contract import Column
from casepool.contract.registry import FORM, OBJECTION
from casepool.files.dialect import each_distinct
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.vocabulary import Answer, Autoimmune, canonical

# What REDCap shows for the missing data codes that it proposes, and what people write in their place.
_WORDS = """no information|invalid|unknown|not asked|asked but unknown|temporarily unavailable|masked
    |not applicable|not done|not available|not present|not known|inconnu|inconnue
    |aucune information|invalide|non demandé|non demandée|demandé mais inconnu
    |temporairement indisponible|masqué|non applicable|sans objet|non disponible|non connu
    |non connue|ne sait pas|nsp|nc|n.c.|nd|n.d.|non communiqué|non communiquée|non renseigné
    |non renseignée|non fait|donnée manquante"""
_LABELS = frozenset(fold(word.strip()) for word in _WORDS.split("|"))


def read_as_missing(form: pd.DataFrame, own_codes: Set[str]) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    """Return the cells with what says that an answer is missing read as that, and what is told of it.

    A number becomes empty, an answer of a list "not reported"; texts, the agreement and what names centre, patient and
    disease are left as they are.

    Parameters
    ----------
    form : text cells of the form's columns, "" where empty.
    own_codes : further texts (folded) that stand for a missing answer.
    """
    changed = form.copy()
    notes = []
    for column in FORM.columns:
        if column.name == OBJECTION.name or not (column.vocabulary or column.kind in {"integer", "number"}):
            continue
        cells = each_distinct(form[column.name], partial(_answer, column, own_codes))
        n = int((cells.to_numpy() != form[column.name].to_numpy()).sum())
        if n:
            notes.append(Message("read_as_missing", n=n, column=column.name))
            changed[column.name] = cells
    return changed, tuple(notes)


def _answer(column: Column, own_codes: Set[str], cell: str) -> str:
    folded = " ".join(fold(cell).split())
    if folded not in own_codes and folded not in _LABELS:
        return cell
    if column.vocabulary is None:
        return ""
    if canonical(cell, column.vocabulary) in column.members:
        return cell
    return str(Answer.NOT_REPORTED if Answer.NOT_REPORTED in column.members else Autoimmune.UNCERTAIN)
