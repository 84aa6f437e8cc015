"""Office files without the time at which they were made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_ZIP_DATE = (2000, 1, 1, 0, 0, 0)
FIRST = "[Content_Types].xml"
_PROPERTIES = "docProps/core.xml"
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def frozen_office(content: bytes) -> bytes:
    """Return an XLSX or DOCX with fixed dates, in its properties and in its zip directory."""
    with ZipFile(BytesIO(content)) as source:
        return frozen_parts({name: source.read(name) for name in source.namelist()})


def frozen_parts(parts: Mapping[str, bytes], *, without: re.Pattern[bytes] | None = None) -> bytes:
    """Return an XLSX or DOCX of these parts, as ``frozen_office`` does.

    Parameters
    ----------
    without : what is taken out of its properties.
    """
    frozen = BytesIO()
    with ZipFile(frozen, "w", ZIP_DEFLATED) as target:
        for name in sorted(parts, key=lambda one: (one != FIRST, one)):
            part = parts[name]
            if name == _PROPERTIES:
                part = _TIMES.sub(rb"\g<1>" + EPOCH.isoformat().encode() + b"Z", part)
                part = without.sub(b"", part) if without else part
            info = ZipInfo(name, _ZIP_DATE)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
            target.writestr(info, part)
    return frozen.getvalue()


def never_a_formula(text: str) -> str:
    """Return the text with a space before a sign that a spreadsheet would take for a formula."""
    return f" {text}" if text.startswith(_FORMULA_STARTS) else text
