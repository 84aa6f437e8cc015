#!/usr/bin/env bash
# pandoc 3.9 (pypandoc_binary 1.17): a RIS record of the type GEN with title and year has no entry in the bibliography.
#
# Guess: GEN is the type of what is nothing else ("Generic" in every list of RIS types); it is cited by title and year.
# Behaviour: with --citeproc the text cites it, and the list of references has no line for it ("no printed form", a
#   warning). The same record as JOUR is listed; so is it in BibTeX as @misc.
# Seen: GEN: "(SYNTHETIC Case Report 2020)" and no list; JOUR: the same, and "SYNTHETIC Case Report. 2020." in the list.
# Why it matters: a congress poster or a report whose journal is not known is exported as GEN by many programs; it
#   is cited in a thesis and lacks from its list of references.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check pypandoc_binary==1.17
cd "$work"
"$work/venv/bin/python" - <<'PY'
import subprocess
import sys
from pathlib import Path

import pypandoc


def printed(kind):
    Path("one.ris").write_text(f"TY  - {kind}\nID  - one\nTI  - SYNTHETIC case report\nPY  - 2020\nER  - \n", "utf-8")
    command = [pypandoc.get_pandoc_path(), "--citeproc", "--bibliography", "one.ris", "-t", "plain"]
    done = subprocess.run(command, input="[@one]", capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split()), done.stderr.strip()


generic, article = printed("GEN"), printed("JOUR")
print(f"GEN: {generic}\nJOUR: {article}")
if (generic[0].count("SYNTHETIC"), article[0].count("SYNTHETIC")) != (1, 2):
    sys.exit("CHANGED: a generic record of RIS is listed.")
print("Still so: a generic record of RIS is cited and not listed.")
PY
