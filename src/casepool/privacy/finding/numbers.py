"""Numbers of persons, judged by the libraries that know them: python-stdnum and phonenumbers."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module

import phonenumbers
from stdnum.exceptions import ValidationError

# Countries whose telephone numbers are written without their prefix.
_REGIONS = ("FR", "BE", "CH", "PT", "LU", "CA", "GB")
# Numbers whose check digits hardly ever fit by chance (1 in 97, or letters): where they fit, no label is needed.
_SURE = ("be.nn", "be.bis", "ch.ssn", "es.dni", "es.nie", "fr.nir", "it.codicefiscale", "pt.cc")
_SHAPE = re.compile(
    r"(?<![\w.,])(?:[12]\s?\d\d\s?\d\d\s?(?:\d\d|2[AB])\s?\d{3}\s?\d{3}\s?/?\s?\d\d"  # France
    r"|\d\d[. ]?\d\d[. ]?\d\d[\- ]?\d{3}[. ]?\d\d|756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d"  # Belgium, Switzerland
    r"|[XYZ]?\d{7,8}-?[A-Z]|[A-Z]{6}[\dA-Z]{2}[A-Z][\dA-Z]{2}[A-Z][\dA-Z]{3}[A-Z]"  # Spain, Italy
    r"|\d{8} ?\d ?[A-Z\d]{2}\d)(?!\w)",  # Portugal
    re.IGNORECASE,
)


def holds_checked_number(plain: str) -> bool:
    """Return whether a national number whose check digits fit stands in a plain text."""
    return any(_fits(found[0]) for found in _SHAPE.finditer(plain))


@lru_cache(maxsize=4096)
def _fits(number: str) -> bool:
    return any(_is_valid(module, number) for module in _SURE)


def _is_valid(module: str, number: str) -> bool:
    try:
        import_module(f"stdnum.{module}").validate(number)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_telephone(number: str) -> bool:
    """Return whether a number can be called, in one of the countries where forms go or with a prefix anywhere."""
    for region in _REGIONS:
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
    return False
