"""From the curated tables to cases: corrections, consistency, appraisal, eligibility."""
