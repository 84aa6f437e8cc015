#!/usr/bin/env bash
# Snakemake 9.27.1: a wait of 20 s costs CPU time, the more the more jobs have ended before, where a job waits for a core.
#
# Guess: while a local job runs Snakemake sleeps until it ends; what ended long ago costs nothing, and the limit of jobs a
#   second (`--max-jobs-per-timespan`, 100/1s by default) matters only to whoever starts more than that.
# Behaviour: as long as there is a limit and a job waits for a core, each look at the jobs sets a timer for another look a second
#   later, and so does the end of each job. The timers never die out: after 60 jobs it looks about 60 times a second, each time
#   in a new thread.
# Seen: 0.03 s of CPU time for a wait of 20 s behind one short job, 2.28 s behind 60.
# Why it matters: a build of sixty short jobs and some long ones spends as much CPU time on waiting as on its own work.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check snakemake==9.27.1
mkdir "$work/project"
cd "$work/project"
export HOME="$work" PATH="$work/venv/bin:$PATH"
cat > Snakefile <<'RULES'
import os

if workflow.is_main_process:
    with open("pid.txt", "w") as pid:
        pid.write(str(os.getpid()))
SHORT = expand("short_{i}.txt", i=range(int(config["short"])))
TICKS = "cut -d' ' -f14,15 /proc/$(cat pid.txt)/stat"

rule all:
    input: "waited.txt", "later.txt"
rule long:
    input: SHORT
    output: "waited.txt"
    priority: 1
    shell: TICKS + " > before.txt; sleep 20; " + TICKS + " > {output}"
rule later:
    input: SHORT
    output: touch("later.txt")
rule short:
    output: touch("short_{i}.txt")
RULES
looks() {  # ticks of CPU time of Snakemake itself while the long job sleeps
  rm -f ./*.txt
  snakemake --cores 1 --scheduler greedy --quiet all --config short="$1" > log.txt 2>&1 || { cat log.txt; exit 3; }
  paste before.txt waited.txt | awk '{ print ($3 + $4) - ($1 + $2) }'
}
few=$(looks 1)
many=$(looks 60)
echo "hundredths of a second of CPU time while one job sleeps for 20 s: $few behind 1 short job, $many behind 60"
if [ "$many" -gt $((few + 30)) ] && [ "$many" -gt $((3 * few)) ]; then
  echo "Still so: waiting gets dearer with every job that has ended."
else
  echo "CHANGED: waiting costs the same."
  exit 1
fi
