#!/usr/bin/env bash
# snakemake-executor-plugin-slurm 2.8.0: with arrays, a --config value that holds a quotation mark cannot be sent.
#
# Guess: what works for single jobs (`--config "reader={'name': 'x'}"`, a mapping as Snakemake's help shows it) works for arrays.
# Behaviour: the command of an array is put between double quotes as it is; it is quoted for a shell already, and a single
#   quote inside a value is quoted with double ones. They end the argument early, and sbatch refuses the rest.
# Seen: two jobs with such a value: sent one by one exit 0; as an array "Script arguments not permitted with --wrap option".
# Why it matters: options of a build that are mappings (how often to simulate) are given so. They belong into the
#   configuration file (docs/clusters.md).
# Needs Debian's slurm-wlm and munge: a Slurm of one node is started in a temporary folder, and stopped.
set -euo pipefail
source "$(dirname "$0")/slurm_of_one_node"
# A job loses SLURM_CONF (slurm_jobstep_conf.sh).
printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$SLURM_CONF" "$(command -v srun)" > "$work/bin/srun"
chmod +x "$work/bin/srun"
cat > Snakefile <<'RULES'
rule all:
    input: expand("chunk_{n}.txt", n=range(2))
rule chunk:
    output: "chunk_{n}.txt"
    params: name=config["simulation"]["name"]
    shell: "echo {params.name} > {output}"
RULES
run() {
    rm -rf .snakemake chunk_*.txt
    snakemake --executor slurm --jobs 2 --slurm-status-command squeue --latency-wait 5 \
        --slurm-init-seconds-before-status-checks 5 --default-resources mem_mb=100 runtime=5 \
        --config "simulation={'name': 'large'}" "$@" > said.txt 2>&1 && code=0 || code=$?
}
run
echo "one by one: exit $code, $(cat chunk_*.txt | sort | uniq -c | tr -s ' \n' ' ')"
[ "$code" = 0 ] || { cut -c1-300 said.txt; exit 3; }
run --slurm-array-jobs chunk
echo "as an array: exit $code, $(grep -o 'Script arguments not permitted with --wrap option' said.txt || true)"
if [ "$code" != 0 ] && grep -q 'not permitted with --wrap' said.txt; then
  echo "Still so."
else
  echo "CHANGED: such a value reaches the jobs of an array."
  exit 1
fi
