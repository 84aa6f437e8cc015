"""casepool: response rates from case reports, corrected for selective reporting."""

__version__ = "0.1.0"
