"""What an estimate is of: a disease, or more than one of them."""

from __future__ import annotations

OVERALL = "overall"
NEW_DISEASE = "new_disease"
ALL = "all"
