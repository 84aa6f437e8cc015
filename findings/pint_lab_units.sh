#!/usr/bin/env bash
# Pint 0.25.3: units of the laboratory are read as other units, without a message.
#
# Guess: RU/mL (relative units of an immunoassay), AU/mL (arbitrary units) and G/L (giga per litre, how French
#   laboratories write platelets) are not known and raise UndefinedUnitError, as IU/mL does.
# Behaviour: RU is taken for R + U: ronna (10^27) enzyme units, a catalytic activity; AU for an absorbance unit;
#   G for gauss. All three compute on.
# Seen: 10 RU/mL = 1.67e26 mol/m3/s; 20 AU/mL in "absorbance_unit"; 150 G/L in gauss per litre; IU/mL refused.
# Why it matters: anti-PLA2R titres come in RU/mL, other autoantibodies in AU/mL, and in these diseases they
#   measure the response. A unit that parses is not a unit that was understood; titres must not be converted.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check Pint==0.25.3
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import pint

units = pint.UnitRegistry()
titre, arbitrary, platelets = units("10 RU/mL"), units("20 AU/mL"), units("150 G/L")
base = titre.to("mol/m^3/s").magnitude
print(f"10 RU/mL = {titre} = {base:.3g} mol/m3/s")
print(f"20 AU/mL = {arbitrary}")
print(f"150 G/L  = {platelets}")
try:
    units("20 IU/mL")
    refused = False
except pint.UndefinedUnitError as error:
    print("20 IU/mL:", error)
    refused = True
same = "ronnaenzyme_unit" in str(titre) and base > 1e26 and "absorbance" in str(arbitrary) and "gauss" in str(platelets)
if not (same and refused):
    sys.exit("CHANGED: Pint reads these units otherwise.")
print("Still so: relative units are ronna enzyme units, arbitrary ones absorbance, giga per litre gauss.")
PY
