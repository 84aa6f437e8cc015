#!/usr/bin/env bash
# Snakemake's Slurm executor 2.8.0 (Snakemake 9.27.1): once it is installed, no build starts where the program `which` is missing.
#
# Guess: an executor that nobody asks for costs nothing; a build on the same machine needs neither Slurm nor what looks for it.
# Behaviour: Snakemake imports every executor that is installed to list its options. This one asks `which sacct` while it is
#   imported, and expects only that sacct is missing: where `which` itself is not there, it ends in FileNotFoundError.
# Seen: a folder of one rule, PATH with sh and python alone: built before the executor was installed; after it, `snakemake --cores 1`
#   ends with 1 and "No such file or directory: 'which'".
# Why it matters: small images of containers (Alma and Rocky minimal, distroless ones) have no `which`; a workflow that lists the executor
#   among its packages, for the few who have a cluster, cannot run there at all.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
pip=("$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check)
"${pip[@]}" snakemake==9.27.1
mkdir "$work/project" "$work/bin"
cd "$work/project"
for program in sh bash; do ln -s "$(command -v "$program")" "$work/bin/$program"; done
cat > Snakefile <<'RULES'
rule one:
    output: "one.txt"
    run:
        open(output[0], "w").close()
RULES
built() {  # whether a build on this machine comes to its end with few programs on the PATH
  rm -rf one.txt .snakemake
  HOME="$work" PATH="$work/bin" "$work/venv/bin/python" -m snakemake --cores 1 > log.txt 2>&1 && test -e one.txt
}
built || { cat log.txt; exit 3; }
echo "without the executor: built"
"${pip[@]}" snakemake-executor-plugin-slurm==2.8.0
if built; then
  echo "CHANGED: built with the executor, too."
  exit 1
fi
if grep --quiet "No such file or directory: 'which'" log.txt; then
  tail -n 1 log.txt
  echo "Still so: with the executor installed no build starts without the program which."
else
  cat log.txt
  exit 3
fi
