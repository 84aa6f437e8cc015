#!/usr/bin/env bash
# Snakemake 9.27.1: an output dated 1970-01-01 00:00:00 UTC is never out of date.
#
# Guess: a date is a number; an output of the epoch is older than every input that was edited since, so its job runs.
# Behaviour: the date 0 counts as "no date" (`if output_mintime_ and ...`), and the comparison with the inputs is left out.
#   One second later, the job runs.
# Seen: input edited today, output of second 0: "Nothing to be done"; output of second 1: "Updated input files".
# Why it matters: archives that are made reproducible date their files so (`tar --mtime=@0`, SOURCE_DATE_EPOCH=0), and a file
#   "touched to the epoch" is the obvious way to mark it as stale.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check snakemake==9.27.1
mkdir "$work/project"
cd "$work/project"
export HOME="$work" PATH="$work/venv/bin:$PATH"
cat > Snakefile <<'RULES'
rule count:
    input: "patients.csv"
    output: "count.txt"
    shell: "grep -c yes {input} > {output}"
RULES
printf 'invented 1,yes\ninvented 2,yes\n' > patients.csv
snakemake --cores 1 > first.txt 2>&1
[ "$(cat count.txt)" = 2 ] || { cat first.txt; exit 3; }
printf 'invented 1,yes\ninvented 2,no\n' > patients.csv
for second in 0 1; do
  touch -d "@$second" count.txt
  snakemake --cores 1 --dry-run > "$second.txt" 2>&1
  echo "output of second $second: $(grep -m1 -o 'Updated input files: patients.csv\|Nothing to be done' "$second.txt")"
done
if grep -q 'Nothing to be done' 0.txt && grep -q 'Updated input files: patients.csv' 1.txt; then
  echo "Still so: an output of the epoch is taken as up to date."
else
  echo "CHANGED: the epoch is a date like any other."
  exit 1
fi
