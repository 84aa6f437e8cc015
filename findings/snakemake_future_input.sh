#!/usr/bin/env bash
# Snakemake 9.27.1: an input dated in the future makes its job fail, and the finished output is deleted.
#
# Guess: a date in the future costs a needless run at most; Snakemake touches the outputs of a job after it has run, as its code
#   says because "files appear older than the input" after "archive expansion or cluster clock skew".
# Behaviour: it touches them (to now) and then refuses them, because they are older than the input. The job has come to its end
#   well; its output is removed, exit 1. `--latency-wait` and a second try do not help.
# Seen: an input dated tomorrow: WorkflowError "has older modification time", no count.txt.
# Why it matters: a file from a machine whose clock or time zone was wrong stops the build until its date has come.
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
rm count.txt
touch -d tomorrow patients.csv
snakemake --cores 1 > again.txt 2>&1 && code=0 || code=$?
echo "exit $code, $(grep -m1 -o 'has older modification time' again.txt), output: $(ls count.txt 2> none.txt || echo none)"
if [ "$code" = 1 ] && grep -q 'has older modification time' again.txt && [ ! -e count.txt ]; then
  echo "Still so: what was made is thrown away because of a date."
else
  echo "CHANGED: an input from the future does no harm."
  exit 1
fi
