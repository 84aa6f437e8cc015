#!/usr/bin/env bash
# The build, the simulation study and the calibration on a real Slurm of one node give the bytes of a local run.
#
# Run from the project folder in casepool's environment; needs Debian's slurm-wlm, munge and rsync, and the network; it is no
# part of `.ci/run`. munged, slurmctld and slurmd run as the user who calls, in a temporary folder with a key of their own, on this
# machine alone and without control groups; at the end they are stopped and the folder is removed. Compared are the
# simulation of a build and its leave-one-out in an array of jobs (profiles/slurm), the study and the calibration in jobs
# (profiles/cluster), and the calibration with its files in a storage of Snakemake (snakemake-storage-plugin-fs).
# What squeue shows on the way is printed. Ends with 0 where all bytes are equal.
set -euo pipefail
work=$(mktemp -d)
chmod 711 "$work"
cores=$(env -u OMP_NUM_THREADS nproc)
export SLURM_CONF="$work/slurm.conf" OMP_NUM_THREADS=1

stop() {
    for daemon in slurmd slurmctld munged; do
        if [ -s "$work/$daemon.pid" ]; then kill "$(cat "$work/$daemon.pid")" 2> /dev/null || true; fi
    done
    sleep 2
    rm -rf "$work"
}
trap stop EXIT

node=$(hostname -s)
mkdir "$work/state" "$work/spool" "$work/bin"
dd if=/dev/urandom of="$work/munge.key" bs=1 count=1024 status=none
chmod 400 "$work/munge.key"
munged --key-file="$work/munge.key" --socket="$work/munge.sock" --pid-file="$work/munged.pid" \
    --log-file="$work/munged.log" --seed-file="$work/munged.seed"
cat > "$SLURM_CONF" <<CONF
ClusterName=one
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=17002
SlurmdPort=17003
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$work/munge.sock
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
MpiDefault=none
ReturnToService=2
MinJobAge=600
NodeName=$node NodeAddr=127.0.0.1 CPUs=$cores RealMemory=$(awk '/^MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld
slurmd -N "$node"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    if sinfo --noheader --format=%T 2> /dev/null | grep -q idle; then break; fi
    sleep 1
done
sinfo
srun -n1 true

# casepool's environment as it is, and the plugins beside it.
python -m venv "$work/venv"
python -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
    > "$("$work/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/base.pth"
pip=("$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check)
"${pip[@]}" --require-hashes --requirement requirements-cluster.lock
"${pip[@]}" snakemake-storage-plugin-fs==1.1.3
# A job of the plugin loses SLURM_CONF (findings/slurm_jobstep_conf.sh); a cluster has its configuration in /etc.
printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$SLURM_CONF" "$(command -v srun)" > "$work/bin/srun"
chmod +x "$work/bin/srun"
export PATH="$work/bin:$work/venv/bin:$PATH"

snake() {
    python -m snakemake "$@" > "$work/said" 2>&1 || { cut -c1-300 "$work/said"; exit 1; }
}

# Run Snakemake, and print what squeue shows until it ends.
watched() {
    snake "$@" &
    local running=$! last="" now
    while kill -0 "$running" 2> /dev/null; do
        now=$(squeue --noheader --format='%.14i %.9P %.2t %.6M %R' 2> /dev/null || true)
        if [ -n "$now" ] && [ "$(cut -c1-27 <<< "$now")" != "$last" ]; then
            printf 'squeue:\n%s\n' "$now"
            last=$(cut -c1-27 <<< "$now")
        fi
        sleep 3
    done
    wait "$running"
}

copy() {
    mkdir "$work/$1"
    cp -r Snakefile workflow profiles benchmarks config data src environment.yml docs "$work/$1"
    rm -rf "$work/$1/benchmarks/study"
    sed -i 's/^  replicates: 40 /  replicates: 6 /; s/^  chunk: 40 /  chunk: 3 /; s/^  jobs: 1 /  jobs: 3 /
        s/^  ratios: \[1, 2, 4, 8\] *# true/  ratios: [1, 4]  # true/' "$work/$1/config/config.yaml"
}

tables=(results/tables/simulation.csv results/tables/sensitivity.csv)
study=(--snakefile benchmarks/simulation.smk --config own=2 calibration=100 jobs=2)
parts=(benchmarks/study/own.csv benchmarks/study/calibration.csv)

for run in local slurm; do copy $run; done
cd "$work/local"
export PYTHONPATH="$PWD/src"
snake --cores "$cores" -- "${tables[@]}"
snake --cores "$cores" "${study[@]}" -- "${parts[@]}"

cd "$work/slurm"
PYTHONPATH="$PWD/src"
echo "Arrays of profiles/slurm:"
watched --profile profiles/slurm -- "${tables[@]}"
echo "Jobs of profiles/cluster:"
watched --profile profiles/cluster "${study[@]}" -- "${parts[@]}"
for file in "${tables[@]}" "${parts[@]}"; do
    cmp "$work/local/$file" "$file"
    echo "same bytes: $file"
done

# The counts and the jobs of the study in a storage: here a folder, elsewhere S3 or another of Snakemake's plugins.
mkdir -p "$work/storage/results/tables"
mv results/tables/study_counts.csv "$work/storage/results/tables"
rm -r benchmarks/study
snake --cores "$cores" --default-storage-provider fs --default-storage-prefix "$work/storage" \
    --shared-fs-usage persistence sources source-cache software-deployment "${study[@]}" -- benchmarks/study/calibration.csv
cmp "$work/local/benchmarks/study/calibration.csv" "$work/storage/benchmarks/study/calibration.csv"
echo "same bytes in the storage: benchmarks/study/calibration.csv"
