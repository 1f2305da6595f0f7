# Calls of AWS that wait out throttles and lost connections. Sourced by release.sh.
# shellcheck shell=bash disable=SC2034,SC2154

# Seconds between two tries, at most.
most_seconds=30

# Calls Step Functions, whose answer is then in $answer. 1 if it refuses, which no other try would change, and 2 if no
# try was answered: $problem has the words of the CLI in both cases.
ask() {
  local try seconds=1
  for ((try = 1; try <= tries; try++)); do
    if ((try > 1)); then
      pause "$seconds"
      seconds=$((seconds * 2 < most_seconds ? seconds * 2 : most_seconds))
    fi
    if call "$@"; then return 0; fi
    if is_refusal; then return 1; fi
  done
  return 2
}

# One call. The CLI itself tries once: the tries of `ask` are the only ones. Times are in UTC, texts in UTF-8.
call() {
  local status=0
  TZ=UTC PYTHONUTF8=1 AWS_PAGER='' AWS_MAX_ATTEMPTS=1 aws stepfunctions "$@" --region "$region" --output text \
    --cli-connect-timeout 10 --cli-read-timeout 30 >"$work/answer" 2>"$work/problem" </dev/null ||
    status=$?
  answer=$(<"$work/answer")
  problem=$(one_line "$(<"$work/problem")")
  return "$status"
}

is_refusal() {
  case "$problem" in
    *AccessDenied* | *NotAuthorized* | *ExpiredToken* | *UnrecognizedClient* | *InvalidClientTokenId*) ;;
    *InvalidSignature* | *IncompleteSignature* | *MissingAuthentication* | *'locate credentials'*) ;;
    *'config profile'* | *'Error when retrieving token'* | *'command not found'*) ;;
    *ExecutionAlreadyExists* | *DoesNotExist* | *InvalidArn* | *InvalidName*) ;;
    *InvalidExecutionInput* | *ValidationException* | *'Parameter validation'*) ;;
    *) return 1 ;;
  esac
}

# Waits so many seconds. Nobody is left to show anything to where the program that heard signals was killed.
pause() {
  sleep "$1"
  kill -0 "$$" 2>/dev/null || exit 0
}

# A text without line breaks, and without what a runner would take for a command to it: tasks' own output may be in it.
one_line() {
  local text=${1//[[:cntrl:]]/ }
  text=${text//'##['/'# #['}
  printf '%s' "${text#"${text%%[! ]*}"}"
}

# The first text of a key in JSON; empty if there is none. The escapes of JSON are those of printf, but for two.
json_text() {
  local rest=${2#*\""$1"\"}
  [[ $rest != "$2" ]] || return 0
  [[ ${rest:0:8000} =~ ^[[:space:]]*:[[:space:]]*\"(([^\"\\]|\\.)*) ]] || return 0
  rest=${BASH_REMATCH[1]//\\\//\/}
  one_line "$(printf '%b' "${rest//\\\"/\"}")"
}

# Seconds since 1970 of a time as one version of the CLI prints it, 1795704076.552, or the other,
# 2026-11-26T14:41:16.552000+00:00.
seconds_of() {
  if [[ ! $1 =~ ^([0-9]+)-([0-9]+)-([0-9]+)T([0-9]+):([0-9]+):([0-9]+) ]]; then
    printf '%s' "${1%.*}"
    return
  fi
  local year=$((10#${BASH_REMATCH[1]})) month=$((10#${BASH_REMATCH[2]})) day=$((10#${BASH_REMATCH[3]}))
  local clock=$((10#${BASH_REMATCH[4]} * 3600 + 10#${BASH_REMATCH[5]} * 60 + 10#${BASH_REMATCH[6]}))
  # The year begins in March, so that the leap day is its last.
  if ((month < 3)); then ((year--, month += 12)); fi
  local days=$((year * 365 + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 719469))
  printf '%s' "$((days * 86400 + clock))"
}
