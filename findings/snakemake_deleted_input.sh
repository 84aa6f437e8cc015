#!/usr/bin/env bash
# Snakemake 9.27.1: an input that was deleted, and that no rule makes, is "nothing to be done" with exit 0.
#
# Guess: a source file that is missing raises MissingInputException, as it does before the first run.
# Behaviour: a missing source file of a job behind the one that is asked for is not told while its outputs exist. The same file,
#   missing before the first run, stops the workflow.
# Seen: patients.csv -> count.txt -> report.txt; patients.csv removed: "Nothing to be done", exit 0; with the results
#   removed as well: MissingInputException, exit 1.
# Why it matters: whoever loses a table or the stored search goes on publishing from results that cannot be made again, and
#   learns of it with the next edit of another file.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check snakemake==9.27.1
mkdir "$work/project"
cd "$work/project"
export HOME="$work" PATH="$work/venv/bin:$PATH"
cat > Snakefile <<'RULES'
rule report:
    input: "count.txt"
    output: "report.txt"
    shell: "cp {input} {output}"
rule count:
    input: "patients.csv"
    output: "count.txt"
    shell: "grep -c yes {input} > {output}"
RULES
printf 'invented 1,yes\ninvented 2,yes\n' > patients.csv
snakemake --cores 1 > first.txt 2>&1
[ "$(cat count.txt)" = 2 ] || { cat first.txt; exit 3; }
rm patients.csv
snakemake --cores 1 > again.txt 2>&1 && code=0 || code=$?
echo "input deleted: exit $code, $(grep -o 'Nothing to be done\|MissingInputException' again.txt)"
rm count.txt report.txt
snakemake --cores 1 > afresh.txt 2>&1 && fresh=0 || fresh=$?
echo "input and output deleted: exit $fresh, $(grep -m1 -o 'Nothing to be done\|MissingInputException' afresh.txt)"
if [ "$code" = 0 ] && grep -q 'Nothing to be done' again.txt && [ "$fresh" = 1 ]; then
  echo "Still so: a missing source is told only when something else makes its job run."
else
  echo "CHANGED: a missing source is told."
  exit 1
fi
