"""casepool: response rates from case reports, corrected for selective reporting."""
