# What the machine's states and ends mean, in plain words. Sourced by release.sh.
# shellcheck shell=bash

# The phase that a state begins; nothing for a state that a reader can do without. 1 for a state not known here.
phase_of() {
  case "$1" in
    'Detect environments') echo 'looks at the request and at both environments' ;;
    'Wait for the release in progress') echo 'waits for the release in progress' ;;
    'Wait for approval') echo 'waits for an approval' ;;
    'Watch while people decide') echo 'watches while people decide' ;;
    'Tell of held-back request') echo 'is held back, and waits until releases may begin' ;;
    'Wait for end of freeze') echo 'waits for the end of the freeze' ;;
    'End stopped release') echo 'flips back a release that somebody stopped' ;;
    'Check traffic') echo 'asks whether the usual traffic can judge the steps' ;;
    'Verify image') echo 'asks the verifier' ;;
    'Register task definition') echo 'registers the task definition' ;;
    'Run migration') echo 'runs the migration' ;;
    'Deploy to idle environment') echo 'deploys to the idle environment' ;;
    'Smoke test idle environment') echo 'tests the idle environment' ;;
    'Check alarms') echo 'looks at the alarms' ;;
    'Flip traffic') echo 'flips traffic to the new version' ;;
    'Watch') echo 'watches the new version' ;;
    'Record release') echo 'records the release' ;;
    'Flip back') echo 'sees that traffic is on the previous version' ;;
    'Look at previous environment') echo 'looks at the previous version' ;;
    'Record rollback' | 'Record failure') echo 'records the end' ;;
    'Record sync or contract') echo 'records the end' ;;
    'Preview traffic' | 'Preview deployment' | 'Preview flip') echo 'previews' ;;
    'Check migration' | 'Check deployment' | 'Record smoke test' | 'Scale idle environment again') ;;
    'Probe new environment' | 'Evaluate metrics' | 'Record step') ;;
    'Heed people' | 'Heed people again' | 'End freeze') ;;
    *) return 1 ;;
  esac
}

# The exit code for the error of an execution that FAILED. An error not known here says nothing of traffic: 7.
code_of_error() {
  case "$1" in
    ReleaseRolledBack) echo 2 ;;
    ReleaseRefused | StepsCannotBeJudged | DecisionRefused) echo 3 ;;
    ReleaseSuperseded) echo 5 ;;
    RollbackRefused | FlipBackFailed | FlipBackRefused | FlipNotVerified) echo 4 ;;
    # Only somebody who edits the record causes these; traffic may be on the new version then.
    ReleaseUnhealthy | WatchDidNotEnd | StepNotRecorded) echo 4 ;;
    WaitedTooLong | MigrationFailed | DeploymentFailed | DeploymentTimedOut | ImageRefused) echo 1 ;;
    SmokeTestFailed | SmokeTestNotRecorded | AlarmBeforeFlip | FlipRefused) echo 1 ;;
    # After the flip they end as ReleaseRolledBack.
    ApprovalRejected | ApprovalTimedOut | StopRequested) echo 1 ;;
    # A function's error ends an execution only while traffic is as before.
    InvalidInput | InvalidConfiguration | AwsUnavailable | AccessDenied | NotFound) echo 1 ;;
    UnexpectedAnswer | RecordContention | LeaseHeld | TaskTimedOut | StateFailed) echo 1 ;;
    Sandbox.Timedout | Runtime.ExitError | Lambda.Unknown | Lambda.TooManyRequestsException) echo 1 ;;
    Lambda.ServiceException | Lambda.AWSLambdaException | Lambda.SdkClientException) echo 1 ;;
    Lambda.ClientExecutionTimeoutException) echo 1 ;;
    Lambda.ResourceNotReadyException | Lambda.ENINotReadyException) echo 1 ;;
    *) echo 7 ;;
  esac
}

# The exit code for the `result` and the `reason` in the output of an execution that SUCCEEDED.
code_of_result() {
  case "$1" in
    'nothing to release') [[ $2 == superseded* ]] && echo 5 || echo 3 ;;
    'planned: refuse' | 'planned: skip' | 'held back') echo 3 ;;
    released | 'rolled back' | synced | contracted | drifted | 'planned: '*) echo 0 ;;
    approved | rejected | held | resumed | finished | frozen | unfrozen | stopped) echo 0 ;;
    *) echo 7 ;;
  esac
}

# What an exit code says, for a person, where this action was asked for: none is a release.
words_of_code() {
  case "$1" in
    1)
      # Customers may see what a rollback or a contract step did not end.
      if [[ -n ${2:-} ]]; then
        echo 'the request failed: traffic is as it was before it'
      else
        echo 'failed before the flip: customers never saw it'
      fi
      ;;
    2) echo 'rolled back: customers get the previous version again' ;;
    3) [[ -n ${2:-} ]] && echo 'the request was refused' || echo 'nothing was released' ;;
    4) echo 'TRAFFIC WAS NOT FLIPPED BACK: a person must look at once' ;;
    5) echo 'superseded: a newer request was or will be released instead' ;;
    6) echo 'waits for a person, and goes on once somebody has decided' ;;
    7) echo 'lost sight of it' ;;
  esac
}
