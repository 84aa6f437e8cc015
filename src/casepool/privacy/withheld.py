"""Errors of the private side: they go to a log file, so they must not quote what they failed on."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casepool.model.errors import CasepoolError, PrivacyError


@contextmanager
def details_withheld() -> Iterator[None]:
    """Let errors of casepool pass (they name no value); of any other tell only what kind it is and where.

    Raises
    ------
    PrivacyError
        In place of an unforeseen error, whose text may hold a cell of a patient.
    """
    try:
        yield
    except CasepoolError:
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = (
            f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}. Its text may tell of a "
            "patient and is withheld; call the function of this rule in a terminal to see it."
        )
        raise PrivacyError(message) from None
