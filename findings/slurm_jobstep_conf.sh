#!/usr/bin/env bash
# snakemake-executor-plugin-slurm-jobstep 0.6.1: a job loses SLURM_CONF, and its srun finds another cluster or none.
#
# Guess: a job inherits SLURM_CONF, as sbatch and srun do, so a cluster that is found by this variable can be used.
# Behaviour: before it calls srun inside a job the plugin removes every variable that begins with SLURM_, but for ten that name
#   the job; SLURM_CONF, which says where the configuration lies, goes too. The job fails after its sbatch succeeded.
# Seen: sbatch and a plain srun of a job work; the one job of a workflow ends with "Could not establish a configuration
#   source". With SLURM_CONF set again in front of srun it succeeds.
# Why it matters: sites without /etc/slurm/slurm.conf (several clusters, modules, a Slurm for tests) set the variable. The
#   words point at DNS. tests/outside/slurm.sh sets it again in front of srun.
# Needs Debian's slurm-wlm and munge: a Slurm of one node is started in a temporary folder, and stopped.
set -euo pipefail
source "$(dirname "$0")/slurm_of_one_node"
printf 'rule one:\n    output: "one.txt"\n    shell: "echo 1 > {output}"\n' > Snakefile
run() {
    rm -rf one.txt .snakemake
    snakemake --executor slurm --jobs 1 --slurm-status-command squeue --latency-wait 5 --slurm-keep-successful-logs \
        --slurm-init-seconds-before-status-checks 5 --default-resources mem_mb=100 runtime=5 > said.txt 2>&1 && code=0 || code=$?
}
sbatch --wait --output=plain.txt --wrap 'srun -n1 hostname' > /dev/null && echo "plain srun inside a job: exit 0"
run
lost=$code
told=$(grep -h -m1 -o 'Could not establish a configuration source' $(find .snakemake/slurm_logs -name '*.log') || true)
echo "job of a workflow: exit $lost, $told"
printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$SLURM_CONF" "$(command -v srun)" > "$work/bin/srun"
chmod +x "$work/bin/srun"
run
echo "with SLURM_CONF set again for srun: exit $code"
[ "$code" = 0 ] || { cut -c1-300 said.txt; exit 3; }
if [ "$lost" != 0 ] && [ -n "$told" ]; then
  echo "Still so."
else
  echo "CHANGED: a job keeps SLURM_CONF."
  exit 1
fi
