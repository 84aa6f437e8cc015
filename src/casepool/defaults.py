"""The default of every choice of an analysis, once: for the configuration, the commands and the statistics."""

from __future__ import annotations

import math

# Coverage of intervals, and the response rates that probabilities and tipping ratios refer to.
LEVEL = 0.95
THRESHOLDS = (0.3, 0.5)

# Priors of the joint model: mean and SD of the average log odds, scale of the half-normal spread between diseases,
# mean and SD of the log reporting ratio.
PRIOR_MU = (0.0, 1.5)
PRIOR_TAU = 1.0
PRIOR_BETA = (math.log(2.0), 1.25)

# Which records a person is shown as perhaps one publication: titles so alike (of 100), at most so many years apart.
LIKE_TITLES = 80.0
NEAR_YEARS = 3

# What `casepool plan` asks: numbers of further patients, and the rate that an interval should exclude.
PLAN_PATIENTS = (5, 10, 20, 40)
PLAN_THRESHOLD = 0.5

# Jobs in which each report is left out in turn.
SENSITIVITY_JOBS = 1

# Likeness of patients of one source in the pooled model (intra-class correlation), where sources are known.
CLUSTERING = 0.10

# Fewest diseases with data that have a mean, a spread and a prediction.
MIN_DISEASES = 3

# Reporting ratios at which the rate of a disease without complete evidence is written out.
RATIOS = (1.0, 2.0, 4.0, 8.0)

# The least share of its patients whose outcome is known to a centre that counts as complete.
EVALUABLE_SHARE = 0.8
# Days after which a centre with something open is reminded.
REMIND_AFTER = 30

# Allowances of the own rate of a disease: see `stats.own.data`.
SOURCE_SD = 0.5
LABEL_ERROR = 0.10
REGISTRY_SD = 0.5
RATIO_SD = 0.5

# Disclosure of registry totals: fewest patients left when so many centres take off their own.
REMAINING = 3
COLLUDING = 3
