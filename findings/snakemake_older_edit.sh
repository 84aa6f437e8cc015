#!/usr/bin/env bash
# Snakemake 9.27.1: an edited input with an older date is "nothing to be done", although its checksum is recorded.
#
# Guess: since Snakemake records a SHA-256 of every small input (`input_checksums` in .snakemake/metadata), an input whose content
#   is another than the recorded one makes the job run.
# Behaviour: the checksum is looked at only where the input is newer than the output, to spare the job. Where the input is
#   older, as a file from an archive or a backup is, it is not looked at.
# Seen: one of two "yes" becomes "no", the file is dated 2020: "Nothing to be done", exit 0, count.txt still says 2; the recorded
#   checksum is not that of the file.
# Why it matters: a corrected table that comes by mail leaves the published rate as it was, and nobody is told.
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
touch -d 2020-01-01 patients.csv
snakemake --cores 1 > again.txt 2>&1 && code=0 || code=$?
now=$(sha256sum patients.csv | cut -d' ' -f1)
recorded=$(cat .snakemake/metadata/*)
echo "exit $code, count.txt says $(cat count.txt), patients.csv has $(grep -c yes patients.csv) yes"
if [ "$code" = 0 ] && grep -q 'Nothing to be done' again.txt && [ "$(cat count.txt)" = 2 ] \
  && [[ $recorded == *'"input_checksums": {"patients.csv": "sha256:'* ]] && [[ $recorded != *"$now"* ]]; then
  echo "Still so: the recorded checksum is another one, and nothing is done."
else
  echo "CHANGED: the edit is seen, or no checksum is recorded any more."
  exit 1
fi
