#!/usr/bin/env bash
# Snakemake 9.27.1: leaving mtime out of --rerun-triggers changes nothing; dates go on to make jobs run.
#
# Guess: `--rerun-triggers {code,input,mtime,params,software-env}` "defines what triggers the rerunning of a job", so with
#   `--rerun-triggers params` a newer date of an input does not.
# Behaviour: the other four can be left out, mtime cannot: no line of Snakemake asks for it.
# Seen: an input gets a newer date and another content: the job would run because of "Updated input files", with `params` alone
#   as with `mtime` alone.
# Why it matters: whoever wants contents to decide (parameters that hold checksums) and switches dates off has not.
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
sleep 1.1
printf 'invented 1,yes\ninvented 2,no\n' > patients.csv
for trigger in mtime params; do
  snakemake --cores 1 --dry-run --rerun-triggers "$trigger" -- > "$trigger.txt" 2>&1
  echo "--rerun-triggers $trigger: $(grep -m1 -o 'Updated input files: patients.csv\|Nothing to be done' "$trigger.txt")"
done
if grep -q 'Updated input files: patients.csv' mtime.txt && grep -q 'Updated input files: patients.csv' params.txt; then
  echo "Still so: dates make jobs run, whatever is asked for."
else
  echo "CHANGED: mtime can be left out."
  exit 1
fi
