#!/bin/sh
# cluster.sh FOLDER CPUS PORT PORT: a Slurm cluster of one node, this machine, with its files in FOLDER, an absolute path; the ports are free
# ones. As root. It ends at SIGTERM. Once it is up, FOLDER/ready is there; then SLURM_CONF=FOLDER/slurm.conf sbatch ... uses it.
set -eu
folder=$1 cpus=$2 controller=$3 worker=$4
mkdir -p "$folder/state" "$folder/spool" "$folder/munge"
chmod 700 "$folder/munge"
node=$(hostname -s)
cat >"$folder/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
SlurmctldPort=$controller
SlurmdPort=$worker
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2
KillWait=5
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=$node NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=4096 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"

head -c 1024 /dev/urandom >"$folder/munge/key"
chmod 400 "$folder/munge/key"
munged --foreground --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" >"$folder/munged.log" 2>&1 &
munged=$!
slurmctld=
slurmd=
trap 'trap - EXIT; kill $slurmd $slurmctld $munged 2>/dev/null; wait' EXIT
trap 'exit 0' TERM INT
until [ -S "$folder/munge/socket" ]; do sleep 0.1; done
slurmctld -D >"$folder/slurmctld.log" 2>&1 &
slurmctld=$!
slurmd -D -N "$node" >"$folder/slurmd.log" 2>&1 &
slurmd=$!
until sinfo --noheader --format %T 2>/dev/null | grep -q idle; do sleep 0.2; done
touch "$folder/ready"
wait $slurmd
