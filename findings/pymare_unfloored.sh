#!/usr/bin/env bash
# PyMARE 0.0.13: three tiny studies that happen to agree give a standard error ninety times too small.
#
# Guess: meta_regression(method="DL") tests est / se against the normal distribution, as metafor's default does,
#   and three studies with standard errors of 0.7 to 1 cannot give a pooled one below about 0.5.
# Behaviour: the Hartung-Knapp scale is applied by default and has no floor at 1: it shrinks the standard error
#   to nothing where the estimates lie close together. The column z-score is not est / se either but the normal
#   deviate of the same p value.
# Seen: log odds 0.40, 0.41, 0.39 with variances 0.5, 0.8, 1: se 0.005, p 0.0002, interval 0.38 to 0.42; "wald":
#   se 0.485, p 0.41.
# Why it matters: case reports of three or four patients all say "most responded", so their log odds agree by
#   the coarseness of small counts. An interval of 59 to 60 % from a dozen patients is nonsense. Wherever
#   Hartung-Knapp is used here as a comparison, its factor must not fall below 1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check PyMARE==0.0.13 pandas==2.3.3
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import numpy as np
from pymare import Dataset
from pymare.estimators import DerSimonianLaird

y, v = np.array([0.40, 0.41, 0.39]), np.array([0.5, 0.8, 1.0])
common = float(np.sqrt(1 / np.sum(1 / v)))


def told(result):
    stats = result.get_fe_stats()
    return {name: float(np.squeeze(stats[name])) for name in ("est", "se", "z", "p", "ci_l", "ci_u")}


usual = told(DerSimonianLaird().fit_dataset(Dataset(y, v)).summary())
print({name: round(value, 4) for name, value in usual.items()}, f"standard error of the common effect: {common:.3f}")
shrunk = usual["se"] < common / 50
odd = abs(usual["est"] / usual["se"] - usual["z"]) > 10
if not (shrunk and odd and usual["p"] < 0.001):
    sys.exit("CHANGED: PyMARE's default standard error no longer falls below that of the common effect.")
print(f"Still so: {common / usual['se']:.0f} times smaller than the common effect's; est/se is not the z-score told.")
PY
