"""Errors of the private side tell where, and nothing of what they failed on."""

from __future__ import annotations

import pytest

from casepool.model.errors import LinkageError, PrivacyError
from casepool.privacy.withheld import details_withheld


@details_withheld()
def fail(error: Exception) -> None:
    """Raise an error on the private side."""
    raise error


def test_an_unforeseen_error_keeps_its_text_to_itself():
    with pytest.raises(PrivacyError, match=r"ValueError in test_withheld\.py") as found:
        fail(ValueError("Dupont"))
    assert "Dupont" not in str(found.value)
    assert found.value.__suppress_context__


def test_an_error_of_casepool_passes():
    with pytest.raises(LinkageError, match="as it is"):
        fail(LinkageError("as it is"))
