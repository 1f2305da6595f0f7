# The options of release.sh. Sourced by it.
# shellcheck shell=bash disable=SC2034

# Where CI systems have the commit: GitHub, GitLab, Jenkins, Buildkite, CircleCI, CodeBuild, Bitbucket, Azure.
commits='GITHUB_SHA CI_COMMIT_SHA GIT_COMMIT BUILDKITE_COMMIT CIRCLE_SHA1 CODEBUILD_RESOLVED_SOURCE_VERSION
  BITBUCKET_COMMIT BUILD_SOURCEVERSION'

usage='release.sh --state-machine ARN (--tag TAG | --image IMAGE | --task-definition ARN | --input JSON)
  [--traffic STEPS] [--override REASON] [--at-gate leave|wait] [--name NAME]
  [--timeout SECONDS] [--poll SECONDS] [--tries N]'

# Sets machine, region, name, input, at_gate, timeout, poll and tries. An option without a value counts as not given.
read_options() {
  local tag='' image='' definition='' traffic='' override='' option
  machine='' name='' input='' at_gate=leave timeout=3000 poll=5 tries=12
  while (($#)); do
    option=$1
    if [[ $option == --help ]]; then
      say "$usage"
      exit 0
    fi
    (($# > 1)) || refuse "$option has no value. $usage"
    case "$option" in
      --state-machine) machine=$2 ;;
      --tag) tag=$2 ;;
      --image) image=$2 ;;
      --task-definition) definition=$2 ;;
      --input) input=$2 ;;
      --traffic) traffic=$2 ;;
      --override) override=$2 ;;
      --at-gate) at_gate=${2:-$at_gate} ;;
      --name) name=$2 ;;
      --timeout) timeout=${2:-$timeout} ;;
      --poll) poll=${2:-$poll} ;;
      --tries) tries=${2:-$tries} ;;
      *) refuse "no such option: $option. $usage" ;;
    esac
    shift 2
  done
  [[ $machine =~ ^arn:aws[a-z-]*:states:([a-z0-9-]+):[0-9]{12}:stateMachine:[A-Za-z0-9_-]+$ ]] ||
    refuse "expected the ARN of a state machine, found '$machine': the stack's output CiStateMachineArn has it"
  region=${BASH_REMATCH[1]}
  read_request "$tag" "$image" "$definition" "$traffic" "$override"
  name=${name:-$(commit)}
  [[ $name =~ ^[A-Za-z0-9_-]{1,80}$ ]] ||
    refuse "expected a name of up to 80 letters, digits, - and _, such as the commit; found '$name'"
  [[ $at_gate == leave || $at_gate == wait ]] || refuse "expected leave or wait for --at-gate, found '$at_gate'"
  local number
  for number in "$timeout" "$poll" "$tries"; do
    [[ $number =~ ^[1-9][0-9]{0,5}$ ]] || refuse "expected a number above 0, found '$number'"
  done
}

# Sets input, from the one request that is given.
read_request() {
  local given kinds='' value=$1$2$3
  # A block of YAML ends with a line break, which the CLI's answer does not have when a second run compares them.
  input=${input%"${input##*[![:space:]]}"}
  for given in ${1:+tag} ${2:+image} ${3:+taskDefinition} ${input:+input}; do
    kinds+=${kinds:+ and }$given
  done
  case "$kinds" in
    tag | image | taskDefinition) ;;
    input)
      [[ -z $4$5 ]] || refuse "--traffic and --override belong into the JSON of --input"
      return
      ;;
    *) refuse "expected one of --tag, --image, --task-definition and --input, found ${kinds:-none}. $usage" ;;
  esac
  # None of these needs an escape in JSON.
  [[ $value =~ ^[A-Za-z0-9._:/@+-]+$ ]] || refuse "expected the $kinds of an image in ECR, found '$value'"
  [[ $4 =~ ^[A-Za-z0-9.:,]*$ ]] || refuse "expected traffic such as 10:300,100:120, found '$4'"
  # A person's words, as they stand in JSON.
  [[ $5 != *[[:cntrl:]]* ]] || refuse "expected a reason of one line for --override"
  local reason=${5//\\/\\\\}
  reason=${reason//\"/\\\"}
  input="{\"$kinds\": \"$value\"${4:+, \"traffic\": \"$4\"}${5:+, \"override\": \"$reason\"}}"
}

# The commit that is built.
commit() {
  local variable
  for variable in $commits; do
    if [[ -n ${!variable:-} ]]; then
      printf '%s' "${!variable}"
      return
    fi
  done
}
