# What release.sh says, and how it ends. Sourced by it.
# shellcheck shell=bash disable=SC2034,SC2154

# Ends where an execution stands in this state for as long as people or a calendar want; a job does not wait for those.
end_of_wait() {
  case "$1/$2" in
    'Wait for approval'/* | 'Watch while people decide'/* | 'Wait for the release in progress'/person)
      if [[ $at_gate == leave ]]; then end 6 'Run this again to attach to it.'; fi
      ;;
    'Wait for the release in progress'/time)
      end 3 'held back: it begins by itself once releases may begin again. Run this again to attach to it.'
      ;;
    'Wait for end of freeze'/*) end 0 'frozen; this execution goes on until the freeze ends.' ;;
  esac
}

# Where traffic is after an execution that ended without its own end.
stopped='it ended without its own end; what it had flipped is flipped back, unless WhenStopped or a refusal forbids it'
stopped_by_request='somebody has stopped it; what it had flipped is flipped back, unless that is refused'
stopped_rollback='it ended without its own end, and may have flipped traffic back: look where the rules forward'

say() {
  printf '%s\n' "$1"
}

# Ends because of what this program was given, or may do.
refuse() {
  printf 'release: %s\n' "$1" >&2
  output_for_workflow 64 'nothing was started' "$(one_line "$1")"
  exit 64
}

# The end of an execution: its status, its error, and its cause or output.
end_of() {
  case "$1" in
    SUCCEEDED) end_of_success "$3" ;;
    FAILED) if [[ $2 == States.* ]]; then end_of_stopped "$2: $3"; else end "$(code_of_error "$2")" "$2: $3"; fi ;;
    *) end_of_stopped "$1: $3" "$2" ;;
  esac
}

end_of_success() {
  local result reason code verdict
  if [[ $(json_text action "$input") == status ]]; then end 0 "$1"; fi
  result=$(json_text result "$1")
  reason=$(json_text reason "$1")
  code=$(code_of_result "$result" "$reason")
  if [[ $result == released ]]; then
    verdict=${1#*\"verdict\"}
    reason=$(json_text reason "$verdict")
    result="released to $(json_text to "$1")"
    # It was kept because of the parameter OnInconclusive or OnSuspicion.
    if [[ $(json_text verdict "$verdict") == inconclusive ]]; then result+=', without a verdict'; fi
    result+=": $(json_text uri "$1")"
  fi
  end "$code" "$result${reason:+; $reason}"
}

# Its text and its error. Before the flip there was nothing to flip back. A rollback has no flip, and moves traffic all
# the same.
end_of_stopped() {
  if [[ $flipped == true && ${2:-} == StopRequested ]]; then end 7 "$stopped_by_request. $1"; fi
  if [[ $flipped == true ]]; then end 7 "$stopped. $1"; fi
  if [[ $flipping_back == true && $(json_text action "$input") == rollback ]]; then end 7 "$stopped_rollback. $1"; fi
  end 1 "$1"
}

# Says how it ended, for a person and for the workflow, and ends with this code.
end() {
  local code=$1 words text heading
  words=$(words_of_code "$code" "$(json_text action "$input")")
  text=$(one_line "${2:-}")
  say "${words:+$words. }$text"
  if [[ -n $execution ]]; then say "$(console_url "$execution")"; fi
  # What ends with 0 need not be a release.
  heading=${words:-done}
  if [[ $code == 0 && $text == 'released '* ]]; then heading=released; fi
  output_for_workflow "$code" "$heading" "$text"
  exit "$code"
}

# GitHub's files for outputs and for the summary of a job, where there are any: the exit code, what it says, and why.
output_for_workflow() {
  local url=''
  if [[ -n $execution ]]; then url=$(console_url "$execution"); fi
  if [[ -n ${GITHUB_OUTPUT:-} ]]; then
    printf '%s\n' "exit-code=$1" "execution=$execution" "url=$url" >>"$GITHUB_OUTPUT"
  fi
  if [[ -n ${GITHUB_STEP_SUMMARY:-} && -n $url ]]; then
    # Indented by four, the text is no Markdown.
    printf '%s\n\n' "### Release $name: $2" "    $3" "[Execution]($url)" >>"$GITHUB_STEP_SUMMARY"
  fi
}

# The console's page of an execution, in its partition and Region.
console_url() {
  local partition console
  IFS=: read -r _ partition _ <<<"$1"
  case "$partition" in
    aws-cn) console=console.amazonaws.cn ;;
    aws-us-gov) console=console.amazonaws-us-gov.com ;;
    *) console=console.aws.amazon.com ;;
  esac
  printf 'https://%s.%s/states/home?region=%s#/v2/executions/details/%s' "$region" "$console" "$region" "$1"
}
