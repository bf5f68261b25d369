#!/bin/bash
# What an operator would do, one step after another, on the machine that boot.sh has made. Each step leaves a line.
step() {
  echo "$1 $2 $(systemctl show breakerbot -p ActiveState,StatusText,NRestarts,MainPID,WatchdogTimestampMonotonic |
    sed 's/ /_/g' | tr '\n' ' ')"
}
systemctl start --job-mode=ignore-dependencies breakerbot; step start $?
pid=$(systemctl show breakerbot -p MainPID --value)
echo "confined 0 $(grep -E '^(Uid|CapEff|NoNewPrivs|Seccomp):' "/proc/$pid/status" | tr -s '\t ' '_' | tr '\n' ' ')"
systemctl reload breakerbot; step reload $?
sleep 4; step beats $?
kill -STOP "$pid"
for _ in $(seq 60); do
  sleep 0.5
  [ "$(systemctl show breakerbot -p NRestarts --value)" != 0 ] && [ "$(systemctl is-active breakerbot)" = active ] && break
done
step hung $?
kill -KILL "$(systemctl show breakerbot -p MainPID --value)"
for _ in $(seq 60); do
  sleep 0.5
  [ "$(systemctl show breakerbot -p NRestarts --value)" = 2 ] && [ "$(systemctl is-active breakerbot)" = active ] && break
done
step killed $?
systemctl stop breakerbot; step stop $?
echo over
