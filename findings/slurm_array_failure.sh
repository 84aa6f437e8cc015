#!/usr/bin/env bash
# snakemake-executor-plugin-slurm 2.8.0 (jobstep 0.6.1): a task of an array that fails takes away the result of the first task.
#
# Guess: the tasks of an array are jobs apart; where one fails, the files of the others stay, and --keep-going goes on with them.
# Behaviour: each task starts a Snakemake that is called for the first job of the array, and only inside it the task's own job. When
#   that fails, the outer one takes its job, the first, for failed and removes the first job's output, which is long complete.
# Seen: three jobs of one array, one at a time; the last one fails: the two others succeeded, and the file of the first is
#   gone. Without arrays both files stay.
# Why it matters: one chunk of a simulation that meets the limit of time costs the night's first chunk as well, and the
#   words blame the file system ("completed successfully, but some output files are missing").
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
    shell: "ls ../done | wc -l > ../before; if [ $(cat ../before) = 2 ]; then exit 1; fi; echo {wildcards.n} > {output}; touch ../done/{wildcards.n}"
RULES
run() {
    rm -rf .snakemake chunk_*.txt ../done
    mkdir ../done
    snakemake --executor slurm --jobs 3 --keep-going --slurm-status-command squeue --latency-wait 5 \
        --slurm-init-seconds-before-status-checks 5 --default-resources mem_mb=100 runtime=5 \
        "slurm_extra='--exclusive --dependency=singleton'" "$@" > said.txt 2>&1 && code=0 || code=$?
    succeeded=$(ls ../done | wc -l)
    files=$(ls chunk_*.txt 2> /dev/null | wc -l)
    echo "${*:-no array}: exit $code, jobs that succeeded: $succeeded, files of theirs: $files"
}
run
[ "$succeeded $files" = "2 2" ] || { cut -c1-300 said.txt; exit 3; }
run --slurm-array-jobs chunk
if [ "$succeeded" = 2 ] && [ "$files" -lt 2 ]; then
  echo "Still so: a file of a job that succeeded is gone."
else
  echo "CHANGED: the files of jobs that succeeded stay."
  exit 1
fi
