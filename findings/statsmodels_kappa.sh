#!/usr/bin/env bash
# statsmodels 0.15.0 gives Cohen's kappa an interval without width, or none, or an empty one, by rounding.
#
# Guess: where one reader decides alike throughout, or both agree in everything, the large-sample variance of kappa is
#   exactly 0, and the same kind of table gets the same answer: an error of 0, or a sign that there is none.
# Behaviour: the variance is a difference of nearly equal floats. By the counts, std_kappa is 0, nan (the root of a
#   number just below 0) or about 1e-8; the limits follow it.
# Seen: of 841 tables [[a, b], [0, 0]] with a and b from 1 to 29: 366 zero, 237 nan, 238 about 1e-8. [[20, 4], [0, 0]]:
#   kappa 0 with an interval from -2.5e-08 to 2.5e-08.
# Why it matters: a second reader who works through what the first included is constant by design. 24 records do not
#   fix kappa to eight digits, and an if on std_kappa == 0 sees only some of these tables.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check statsmodels==0.15.0 numpy==2.4.2 || exit 3
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy as np
import statsmodels
from statsmodels.stats.inter_rater import cohens_kappa

warnings.simplefilter("ignore")
kinds = {"zero": 0, "nan": 0, "tiny": 0, "other": 0}
for a in range(1, 30):
    for b in range(1, 30):
        error = cohens_kappa(np.array([[a, b], [0, 0]])).std_kappa
        kinds["nan" if np.isnan(error) else "zero" if error == 0 else "tiny" if error < 1e-6 else "other"] += 1
found = cohens_kappa(np.array([[20, 4], [0, 0]]))
print(f"statsmodels {statsmodels.__version__}, one reader constant, standard error of kappa: {kinds}")
print(f"[[20, 4], [0, 0]]: kappa {found.kappa}, from {found.kappa_low:.1e} to {found.kappa_upp:.1e}")
if kinds["other"] or min(kinds["zero"], kinds["nan"], kinds["tiny"]) == 0:
    sys.exit(f"CHANGED: one kind of table has one kind of error now: {kinds}")
print("Still so: the same kind of table has an error of 0, none, or 1e-8, by rounding.")
PY
