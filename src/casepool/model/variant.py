"""A variant of the analysis: what it is called, and what it assumes in numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """One variant of the primary analysis; numbers that it does not fix are None.

    Attributes
    ----------
    analysis : kind of the variant: data, leave_one_out, by_year, ratio, kappa, clustering, ratio_sd, prior, bounds.
    variant : tells it from others of its kind; an id that is never read for numbers.
    ratio : the reporting ratio if it were known; of bounds, the largest that is allowed for.
    odds : odds by which complete sources prefer responders.
    clustering : correlation of the patients of a source.
    prior_of : what another prior is taken for: beta (reporting ratio), tau (spread), mu (average log odds).
    prior_centre, prior_sd : median ratio or odds, or mean correlation, and the standard deviation (of logarithms of
        ratios and odds), of that prior, or of the one that an assumption is averaged over.
    """

    analysis: str
    variant: str
    ratio: float | None = None
    odds: float | None = None
    clustering: float | None = None
    prior_of: str | None = None
    prior_centre: float | None = None
    prior_sd: float | None = None
