"""Executions that a machine starts or looks at, and a start that comes twice, as on AWS.

- A start with the name and the input of an execution that is running gives that execution. MiniStack refuses it.
- What `states:startExecution` refuses has the prefix `StepFunctions.`, what `aws-sdk:sfn` refuses has `Sfn.`, and the names
  of both end with `Exception`. MiniStack gives the bare name, and the name without that end.
"""

import json

from ministack.core.responses import json_response
from ministack.services import stepfunctions

start_execution = stepfunctions._start_execution
start_nested = stepfunctions._invoke_nested_start_execution
prefix_sdk_error = stepfunctions._prefix_sdk_error


def start(data):
    answer = start_execution(data)
    if answer[0] < 400 or b"ExecutionAlreadyExists" not in answer[2]:
        return answer
    machine = stepfunctions._state_machines[stepfunctions._resolve_state_machine_arn(data["stateMachineArn"])]
    arn = f"{machine['stateMachineArn'].replace(':stateMachine:', ':execution:')}:{data['name']}"
    execution = stepfunctions._executions[arn]
    same = json.loads(execution["input"]) == json.loads(data.get("input", "{}"))
    if execution["status"] == "RUNNING" and same:
        return json_response({"executionArn": arn, "startDate": execution["startDate"]})
    return answer


def nested(resource, arguments):
    try:
        return start_nested(resource, arguments)
    except stepfunctions._ExecutionError as error:
        error.error = f"StepFunctions.{exception(error.error)}"
        raise


def sdk_error(service, name):
    return prefix_sdk_error(service, exception(name) if service == "sfn" else name)


def exception(name):
    return f"{name.removesuffix('Exception')}Exception"


def install():
    stepfunctions._start_execution = start
    stepfunctions._invoke_nested_start_execution = nested
    stepfunctions._prefix_sdk_error = sdk_error
