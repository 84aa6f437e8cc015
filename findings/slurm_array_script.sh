#!/usr/bin/env bash
# snakemake-executor-plugin-slurm 2.8.0: an array sent as a script runs its first job in every task; a long array is sent so.
#
# Guess: `--slurm-pass-command-as-script` changes how the commands of an array travel, not which; task n runs the n-th job.
# Behaviour: in the script the option that tells the tasks their jobs stands on a line of its own, where the shell takes it
#   for a command. Every task runs the first job, the jobs after it never run. The executor goes over to the script by itself,
#   with a warning, when the command line is too long: at some 128 KiB, which is less than a hundred jobs.
# Seen: three jobs that write one file each: with the option one of them ran three times, the two others never; without it
#   each ran once.
# Why it matters: the chunks of a simulation are many jobs of one rule. Without the check of outputs afterwards one chunk
#   would stand for all; with it a night on a cluster ends in errors. Arrays stay short (profiles/slurm).
# Needs Debian's slurm-wlm and munge: a Slurm of one node is started in a temporary folder, and stopped.
set -euo pipefail
source "$(dirname "$0")/slurm_of_one_node"
# A job loses SLURM_CONF (slurm_jobstep_conf.sh).
printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$SLURM_CONF" "$(command -v srun)" > "$work/bin/srun"
chmod +x "$work/bin/srun"
cat > Snakefile <<'RULES'
rule all:
    input: expand("chunk_{n}.txt", n=range(3))
rule chunk:
    output: "chunk_{n}.txt"
    shell: "echo {wildcards.n} >> ../ran.txt; echo {wildcards.n} > {output}"
RULES
run() {
    rm -rf .snakemake chunk_*.txt ../ran.txt
    snakemake --executor slurm --jobs 3 --slurm-array-jobs chunk --slurm-status-command squeue --latency-wait 5 \
        --slurm-init-seconds-before-status-checks 5 --default-resources mem_mb=100 runtime=5 "$@" > said.txt 2>&1 && code=0 || code=$?
    echo "$*: exit $code, jobs that ran: $(sort ../ran.txt | tr '\n' ' '), files: $(ls chunk_*.txt 2> /dev/null | tr '\n' ' ')"
}
run
[ "$code" = 0 ] || { cut -c1-300 said.txt; exit 3; }
run --slurm-pass-command-as-script
states=$(squeue --noheader --states=all --format=%T | sort | uniq -c | tr -s ' \n' ' ')
echo "Slurm's states: $states"
if [ "$(sort -u ../ran.txt | wc -l)" = 1 ] && [ "$(wc -l < ../ran.txt)" = 3 ]; then
  echo "Still so: three tasks ran one job, and two jobs never ran."
else
  echo "CHANGED: each task of an array that is sent as a script runs its own job."
  exit 1
fi
