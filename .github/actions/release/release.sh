#!/usr/bin/env bash
# Starts a release, shows its phases, and ends with what became of it. README.md beside this file explains options and
# exit codes. Needs bash 4.2 or newer and the AWS CLI, version 1 or 2, with the permissions of ci-policy.json.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=words.sh
source "$here/words.sh"
# shellcheck source=calls.sh
source "$here/calls.sh"
# shellcheck source=options.sh
source "$here/options.sh"
# shellcheck source=report.sh
source "$here/report.sh"
# shellcheck source=ci.sh
source "$here/ci.sh"

states_entered='events[?stateEnteredEventDetails].[timestamp, stateEnteredEventDetails.name]'

# ARN of the execution once it is known; when this program has waited long enough.
execution='' deadline=0
# What was shown: how many states, and each phase. The time of the first state, and the step of the traffic.
entered=0 begin='' step=1 flipped=false flipping_back=false last_state=''
# What a request waits for before it begins: a person, a freeze's or a window's end, or, if empty, another release.
waits_for=''
declare -A shown=()

# Signals are heard here, and all work is done by a process of its own: bash loses a signal now and then that comes
# while it runs a command substitution, and hears it at once while it waits for a job.
main() {
  local worker signal status=0
  read_options "$@"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # A job's processes are a group, which can be ended as a whole.
  set -m
  work &
  worker=$!
  for signal in INT TERM HUP; do
    # shellcheck disable=SC2064 # The signal is named now.
    trap "interrupted $signal $worker" "$signal"
  done
  wait "$worker" || status=$?
  exit "$status"
}

# Starts the release or attaches to it, and shows it to its end.
work() {
  set +m
  deadline=$((SECONDS + timeout))
  start
  printf '%s' "$execution" >"$work/execution"
  say "release $name of ${machine##*:}"
  say "$(console_url "$execution")"
  follow
}

# Starts the execution, or finds the one of this name: a second run of a job attaches to the release of the first. AWS
# takes a second start with the same input as long as the release goes on, and says that it exists once it has ended.
start() {
  local status=0
  ask start-execution --state-machine-arn "$machine" --name "$name" --input "$input" --query executionArn || status=$?
  case "$status" in
    0) execution=$answer ;;
    1) if [[ $problem == *ExecutionAlreadyExists* ]]; then attach; else refuse "nothing was started: $problem"; fi ;;
    2)
      say "It is not known whether the release has begun. Run this again: it attaches to the release, or starts it."
      end 7 "$problem"
      ;;
  esac
  if [[ $machine == *-ci ]]; then await_release; fi
}

# To the execution of this name, if it was asked for the same.
attach() {
  local found=${machine/:stateMachine:/:execution:}:$name
  ask describe-execution --execution-arn "$found" --query input || end 7 "cannot read execution $name: $problem"
  if [[ $answer != "$input" ]]; then
    refuse "execution $name was asked for $(one_line "$answer"), and not for $input: give another --name"
  fi
  execution=$found
  say "an execution of this name exists: attached to it"
}

# Shows phases until the execution has ended. The states are read after the status, so that none is missing at the end.
follow() {
  local status error text
  while true; do
    read_status
    # The whole history each time, in as few calls as AWS allows: the CLI itself asks for 100 events a call.
    look --no-include-execution-data --page-size 1000 --query "$states_entered" get-execution-history
    show_phases
    case "$status" in
      RUNNING | PENDING_REDRIVE) ;;
      *) end_of "$status" "$error" "$text" ;;
    esac
    end_of_wait "$last_state" "$waits_for"
    pause_until_deadline "$poll"
  done
}

# Sets status, error and text: what the execution's end says, if it has ended.
read_status() {
  look --query '[[status, error], [cause || output]]' describe-execution
  read -r status error <<<"${answer%%$'\n'*}"
  text=${answer#*$'\n'}
  if [[ $text == None ]]; then text='no cause is known'; fi
}

# Waits so many seconds; ends where it has waited long enough.
pause_until_deadline() {
  if ((SECONDS >= deadline)); then end 7 "after $timeout s it goes on; run this again to attach to it"; fi
  pause "$1"
}

# Asks about the execution; ends if that cannot be answered any more.
look() {
  local operation=${*: -1}
  ask "$operation" --execution-arn "$execution" "${@:1:$#-1}" || end 7 "cannot read the execution: $problem"
}

# Shows the phases that have begun since the last look, each once; those of a step of the traffic once a step.
show_phases() {
  local lines time state phase
  if [[ -z $answer || $answer == None ]]; then return; fi
  mapfile -t lines <<<"$answer"
  while ((entered < ${#lines[@]})); do
    IFS=$'\t' read -r time state <<<"${lines[entered]}"
    entered=$((entered + 1)) last_state=$state
    begin=${begin:-$(seconds_of "$time")}
    phase=$(phase_of "$state") || continue
    case "$state" in
      'Record step') step=$((step + 1)) ;;
      'Flip traffic' | 'Watch') flipped=true phase+=$( ((step == 1)) || echo ", step $step") ;;
      'Flip back') flipping_back=true ;;
      'Tell of waiting') waits_for='' ;;
      'Tell of contract gate') waits_for='person' ;;
      'Tell of held-back request') waits_for='time' ;;
    esac
    if [[ -n $phase && -z ${shown[$phase]:-} ]]; then
      shown[$phase]=yes
      say "$(printf '%6d s  %s' "$(($(seconds_of "$time") - begin))" "$phase")"
    fi
  done
}

# Ends this program and its worker, and not the release.
interrupted() {
  trap - INT TERM HUP EXIT
  kill -- "-$2" 2>/dev/null || true
  wait "$2" 2>/dev/null || true
  if [[ -s $work/execution ]]; then
    say "This program was stopped by SIG$1; the release goes on: $(console_url "$(<"$work/execution")")"
  else
    say "This program was stopped by SIG$1; a release that has begun goes on."
  fi
  say "Run it again with the same name and request to attach to the release."
  # A call of the worker may still write there while it ends.
  rm -rf "$work" 2>/dev/null || true
  # Whoever waits for this program learns that a signal ended it.
  kill -s "$1" "$$"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then main "$@"; fi
