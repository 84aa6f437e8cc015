"""Every test starts with the protocol of the repository in force; test modules may use its columns as they load."""

from __future__ import annotations

import atexit
import gc
from pathlib import Path

import pytest

from casepool.model.protocol import Protocol, load_protocol
from casepool.model.study import use

_SHIPPED = load_protocol(Path(__file__).resolve().parent.parent / "config" / "protocol.yaml")
use(_SHIPPED)
atexit.register(gc.freeze)  # Python looks for garbage as it ends, among all that the tests made


@pytest.fixture(autouse=True)
def _shipped_protocol_in_force() -> None:
    use(_SHIPPED)


@pytest.fixture
def shipped_protocol() -> Protocol:
    """Return the protocol of the repository."""
    return _SHIPPED
