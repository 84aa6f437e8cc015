"""What stands under "patient informed, no objection": people also write it in words of their own."""

from __future__ import annotations

import re
from enum import StrEnum

from casepool.model.folding import fold
from casepool.model.vocabulary import Agreement, canonical


class Stance(StrEnum):
    """What a line says of the patient's agreement; of a line whose cells are out of place it is not known."""

    AGREES = "agrees"
    OBJECTS = "objects"
    REVOKES = "revokes"
    EMPTY = "empty"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


WILLING = (Stance.AGREES, Stance.REVOKES)
_OF_ANSWER = {"": Stance.EMPTY, "yes": Stance.AGREES, "no": Stance.OBJECTS, "revoked": Stance.REVOKES}
_AGAINST = r"\b(?:oppos|object|refus|withdr|retrait|retire)"
_LIFTED = r"\b(?:levee?|lifted|revoked|revoquee?)\b"
_AGAIN = re.compile(r"\boppose\s+plus\b|\blonger\s+object")
# "Non-opposition" and "no objection" are words of agreement that begin as an objection does: asked, not guessed.
_DENIED = re.compile(
    rf"\b(?:sans|pas|aucune?|ni|non|ne|no|not|without)\b.*(?:{_AGAINST}|{_LIFTED})|{_AGAINST}.*\b(?:pas|not)\b"
)
_NO = re.compile(r"(?:no|non|n)(?=\s*[,;:.(\d]|$)")
_EDGES = re.compile(r"^\W+|\W+$")


def answer_in_form(cell: str) -> str:
    """Return a cell as an id of ``Agreement`` where its words are clear, else as it is."""
    words = _EDGES.sub("", fold(cell))
    answer = canonical(words, Agreement)
    if answer in set(Agreement) or not words:
        return answer
    if _AGAIN.search(words):
        return Agreement.REVOKED
    no = _NO.match(words)
    if _DENIED.search(words[no.end() :] if no else words):
        return cell
    if no:
        return Agreement.NO
    return Agreement.REVOKED if re.search(_LIFTED, words) else Agreement.NO if re.search(_AGAINST, words) else cell


def stance_of(answer: str) -> Stance:
    """Return what an answer, in the form, says."""
    return _OF_ANSWER.get(answer, Stance.UNCLEAR)
