# From an execution of the machine for CI to the release that it has started. Sourced by release.sh.
# shellcheck shell=bash disable=SC2034,SC2154

# Waits until the machine for CI has passed the request on, and turns to the release, which has the same name.
await_release() {
  local status error text release=${machine%-ci}-release
  release=${release/:stateMachine:/:execution:}:$name
  while true; do
    read_status
    case "$status" in
      RUNNING | PENDING_REDRIVE) pause_until_deadline 1 ;;
      SUCCEEDED) break ;;
      *)
        if [[ $error == None ]]; then error=$status; fi
        find_release "$error: $(one_line "$text")" "$release"
        break
        ;;
    esac
  done
  machine=${machine%-ci}-release execution=$release
}

# Why the machine for CI has failed, and the ARN of the release of this name. Ends unless that one is of this request:
# Step Functions may have taken the start, and only its answers were lost.
find_release() {
  local status=0
  if [[ $1 == NameTaken:* ]]; then
    refuse "$1, or follow that one: give the output StateMachineArn as --state-machine, and the request that it has"
  fi
  ask describe-execution --execution-arn "$2" --query input || status=$?
  if ((status == 1)) && [[ $problem == *ExecutionDoesNotExist* ]]; then
    refuse "nothing was started, and no release has this name. $1"
  fi
  if ((status == 0)); then
    ask describe-execution --execution-arn "$2" --query "$(comparison "$answer")" || status=$?
  fi
  if ((status > 0)); then end 7 "It is not known whether the release has begun: $problem. $1"; fi
  if [[ $answer != same ]]; then refuse "the release of this name is of another request: give another --name. $1"; fi
  say "the release has begun all the same: attached to it"
}

# A query of the CLI that says whether an input is what the machine for CI passes on. Step Functions may write the JSON
# in another order or with other white space, and the CLI compares values.
comparison() {
  local wanted="{\"action\": \"from-ci\", \"request\": $input}" found=$1
  # A backtick ends a value in a query, and stands only within a text of JSON.
  found=${found//\`/\\u0060} wanted=${wanted//\`/\\u0060}
  printf '%s' "\`$found\` == \`$wanted\` && 'same' || 'other'"
}
