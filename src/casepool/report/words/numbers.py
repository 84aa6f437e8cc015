"""The one formatter of numbers and dates: decimal signs, spaces and dashes of each language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import SupportsFloat, TypeAlias, cast

from babel.dates import format_date

from casepool.model.message import locale_of

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
EN_DASH = "\u2013"
MINUS = "\u2212"

Value: TypeAlias = SupportsFloat | object | None

_MISSING = {"en": "\u2014", "fr": "\u2013"}


def is_missing(value: Value) -> bool:
    """Return whether a cell holds no number and no text (None, NA, NaN, empty)."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:  # of pandas, which is slow to import
        return True
    if isinstance(value, str):
        return not value.strip()
    try:
        return math.isnan(float(cast("SupportsFloat", value)))
    except (TypeError, ValueError):
        return False


@dataclass(frozen=True)
class Numbers:
    """Formats numbers for readers of one language ("en" or "fr"); missing values become a dash."""

    language: str = "en"

    @property
    def missing(self) -> str:
        """The dash that stands for a value that is not there."""
        return _MISSING[self.language]

    def decimal(self, value: Value, digits: int = 1) -> str:
        """Return a number with a fixed number of decimals, rounded half up."""
        if is_missing(value):
            return self.missing
        number = float(cast("SupportsFloat", value))
        if math.isinf(number):
            return "∞" if number > 0 else f"{MINUS}∞"
        rounded = Decimal(f"{number:.12g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        text = f"{abs(rounded):,f}"
        if self.language == "fr":
            text = text.replace(",", NARROW_SPACE).replace(".", ",")
        return f"{MINUS}{text}" if rounded < 0 else text

    def integer(self, value: Value) -> str:
        """Return a whole number with thousands set apart."""
        return self.decimal(value, 0)

    def short(self, value: Value, digits: int = 1) -> str:
        """Return a number without useless decimals: 45, 45.5."""
        if is_missing(value):
            return self.missing
        number = float(cast("SupportsFloat", value))
        return self.decimal(number, 0 if abs(number - round(number)) < 1e-9 else digits)

    def percent(self, value: Value, digits: int = 0) -> str:
        """Return a proportion as a percentage: ``59 %`` in French, ``59%`` in English."""
        if is_missing(value):
            return self.missing
        return self.decimal(_hundredfold(value), digits) + self.percent_sign

    def probability(self, value: float) -> str:
        """Return a probability as a percentage that is 0 or 100 only where it is: ``> 99 %``."""
        least, most = 0.005, 0.995
        if 0.0 < value < least:
            return f"<{NO_BREAK_SPACE}{self.percent(0.01)}"
        return f">{NO_BREAK_SPACE}{self.percent(0.99)}" if most < value < 1.0 else self.percent(value)

    @property
    def percent_sign(self) -> str:
        """The percent sign with the space that precedes it."""
        return f"{NO_BREAK_SPACE}%" if self.language == "fr" else "%"

    def signed_points(self, value: float) -> str:
        """Return a difference of proportions in percentage points with its sign: ``+2.0``, ``−0.8``."""
        rounded = round(_hundredfold(value), 1)
        shown = self.decimal(abs(rounded))
        return f"{'+' if rounded > 0 else MINUS}{shown}" if rounded else shown

    def percent_span(self, low: Value, high: Value) -> str:
        """Return the limits of a proportion where no value goes before them: ``41–78 %``."""
        return self.missing if is_missing(low) or is_missing(high) else self.span(low, high) + self.percent_sign

    def span(self, low: Value, high: Value, digits: int = 0) -> str:
        """Return the limits of a proportion without sign: ``41–78``."""
        if is_missing(low) or is_missing(high):
            return self.missing
        return EN_DASH.join(self.decimal(_hundredfold(limit), digits) for limit in (low, high))

    def percent_interval(self, value: Value, low: Value, high: Value, digits: int = 0) -> str:
        """Return a proportion with its interval: ``59 % (41–78)``."""
        if is_missing(value):
            return self.missing
        shown = self.percent(value, digits)
        if is_missing(low) or is_missing(high):
            return shown
        return f"{shown}{NO_BREAK_SPACE}({self.span(low, high, digits)})"

    def count(self, part: Value, whole: Value) -> str:
        """Return a part of a whole: ``12/13``; a dash where there is no whole."""
        if is_missing(part) or is_missing(whole) or float(cast("SupportsFloat", whole)) == 0:
            return self.missing
        return f"{self.integer(part)}/{self.integer(whole)}"

    def ratio(self, value: Value, low: Value = None, high: Value = None) -> str:
        """Return a ratio with its interval where told: ``3,5 (1,6–8,0)``."""
        if is_missing(value):
            return self.missing
        shown = self.decimal(value, 1)
        if is_missing(low) or is_missing(high):
            return shown
        return f"{shown}{NO_BREAK_SPACE}({self.decimal(low, 1)}{EN_DASH}{self.decimal(high, 1)})"

    def median_range(self, median: Value, low: Value, high: Value) -> str:
        """Return a median with lowest and highest value: ``45 (23–67)``; the median alone if they agree."""
        if is_missing(median):
            return self.missing
        limits = tuple(self.short(limit) for limit in (low, high))
        if self.missing in limits or limits[0] == limits[1]:
            return self.short(median)
        return f"{self.short(median)}{NO_BREAK_SPACE}({limits[0]}{EN_DASH}{limits[1]})"

    def date(self, value: str) -> str:
        """Return an ISO date in words: ``12 mars 2021``, ``12 March 2021``."""
        if is_missing(value):
            return self.missing
        day = date.fromisoformat(str(value)[:10])
        first = "1er" if self.language == "fr" and day.day == 1 else str(day.day)
        return f"{first}{NO_BREAK_SPACE}{format_date(day, 'MMMM y', locale_of(self.language))}"


def _hundredfold(value: Value) -> float:
    return float(Decimal(f"{float(cast('SupportsFloat', value)):.12g}") * 100)
