"""Tasks of Step Functions as AWS runs them, and failures that a test orders.

- `TimeoutSeconds` may be an expression, and a task that timed out has an empty cause.
- A function's error is its cause, without a blank that the function did not write.
- A result above 256 KiB is `States.DataLimitExceeded`. Neither this nor `States.Runtime` is one of `States.ALL`.
- A retrier waits no longer than its `MaxDelaySeconds`.
- A `Succeed` state may have an `Output`.
- An expression may take a minute, where AWS gives it a second: a busy machine is slower than AWS. It is parsed once, not
  each time that a state is entered.

A call `FailTask`, which AWS does not have, orders a failure: the next execution in that account that enters the state
finds that every try of its task fails so, without calling anything. A later order replaces an earlier one. Two more such calls:
`TimeOutExecution` ends an execution as AWS does once its machine's `TimeoutSeconds` are over, which MiniStack ignores, and
`WatchFor` changes what the account's releases say of how long each of their steps is watched.
"""

import contextlib
import contextvars
import functools
import json
from dataclasses import dataclass

from ministack.core.responses import get_account_id, json_response, now_iso
from ministack.services import stepfunctions

execute_task = stepfunctions._execute_task
invoke_resource = stepfunctions._invoke_resource
invoke_with_timeout = stepfunctions._invoke_resource_with_timeout
matching_retrier = stepfunctions._find_matching_retrier
call_lambda = stepfunctions._call_lambda
error_matches = stepfunctions._error_matches
jsonata = stepfunctions.jsonata.Jsonata.jsonata
Parser = stepfunctions.jsonata.parser.Parser
parse = Parser.parse
output_path = stepfunctions._apply_output_path
handle_request = stepfunctions.handle_request

# Bytes of a result (AWS: "Step Functions service quotas").
MOST_BYTES = 256 * 1024

# Errors that only their own names match.
NEVER_ALL = ("States.DataLimitExceeded", "States.Runtime")


@dataclass
class Order:
    """A failure that a test orders."""

    state: str
    error: str
    cause: str
    # Whether an execution has entered the state since.
    struck: bool = False


@dataclass
class Visit:
    """A stay in a Task state, with all its tries."""

    state: dict
    input: object
    context: dict
    # The failure of every try.
    order: Order | None


# The latest order of an account.
orders = {}
# Seconds for which every step is watched, of an account whose test has chosen them.
watched = {}
visit = contextvars.ContextVar("visit", default=None)


async def handle(method, path, headers, body, query_params):
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    if action == "FailTask":
        orders[get_account_id()] = Order(**json.loads(body))
        return json_response({})
    if action == "DescribeFailTask":
        order = orders.get(get_account_id())
        return json_response({"struck": bool(order and order.struck)})
    if action == "WatchFor":
        watched[get_account_id()] = json.loads(body)["seconds"]
        return json_response({})
    if action == "TimeOutExecution":
        time_out(json.loads(body)["executionArn"])
        return json_response({})
    return await handle_request(method, path, headers, body, query_params)


def time_out(arn):
    """The task that is under way is not stopped, on AWS neither."""
    execution = stepfunctions._executions[arn]
    execution.update(status="TIMED_OUT", stopDate=now_iso())
    stepfunctions._add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {}})
    stepfunctions._emit_execution_status_event(execution)


def execute(state, raw_input, execution, context):
    order = orders.get(get_account_id())
    if order and (order.struck or order.state != context["State"]["Name"]):
        order = None
    if order:
        order.struck = True
    token = visit.set(Visit(state, raw_input, context, order))
    try:
        return execute_task(state, raw_input, execution, context)
    finally:
        visit.reset(token)


def invoke(resource, arguments):
    now = visit.get()
    if now and now.order:
        raise stepfunctions._ExecutionError(now.order.error, now.order.cause)
    result = invoke_resource(resource, with_steps(arguments))
    if len(compact(result).encode()) > MOST_BYTES:
        cause = f"The state/task '{resource}' returned a result with a size exceeding the maximum number of bytes"
        raise stepfunctions._ExecutionError("States.DataLimitExceeded", f"{cause} service limit.")
    return result


def with_steps(arguments):
    """What a task is given, with the seconds that a test has chosen in the steps of the plan."""
    seconds = watched.get(get_account_id())
    if not seconds or not (plan := arguments.get("plan")):
        return arguments
    steps = [{**step, "seconds": seconds} for step in plan.get("steps") or []]
    return {**arguments, "plan": {**plan, "steps": steps}}


def call(function, event):
    try:
        return call_lambda(function, event)
    except stepfunctions._ExecutionError as error:
        with contextlib.suppress(ValueError):
            error.cause = compact(json.loads(error.cause))
        raise


def compact(value):
    """JSON as a function of ours writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def invoke_within(resource, arguments, timeout):
    if isinstance(timeout, str):
        now = visit.get()
        timeout = stepfunctions._jsonata_state_field(now.state, "TimeoutSeconds", "number", now.input, now.context)
    try:
        return invoke_with_timeout(resource, arguments, timeout)
    except stepfunctions._ExecutionError as error:
        if error.error == "States.Timeout":
            error.cause = ""
        raise


def matches(error_equals, error):
    return error in error_equals if error in NEVER_ALL else error_matches(error_equals, error)


def retrier(retriers, error, counts):
    found, number = matching_retrier(retriers, error, counts)
    if found and "MaxDelaySeconds" in found:
        delay = found.get("IntervalSeconds", 1) * found.get("BackoffRate", 2.0) ** counts.get(number, 0)
        found = {**found, "IntervalSeconds": min(delay, found["MaxDelaySeconds"]), "BackoffRate": 1}
    return found, number


def output(state, data, context=None):
    if state.get("Type") == "Succeed" and "Output" in state:
        return stepfunctions._apply_jsonata_output(state, data, context, default=data)
    return output_path(state, data, context)


def expression(text, timeout=None, **more):
    return jsonata(text, timeout=timeout and 60_000, **more)


@functools.cache
def parsed(text, *engine):
    """What an expression is read into; to evaluate it changes nothing in it."""
    return parse(Parser(), text, *engine)


def install():
    Parser.parse = lambda parser, text, *engine: parsed(text, *engine)
    stepfunctions.jsonata.Jsonata.jsonata = staticmethod(expression)
    stepfunctions._execute_task = execute
    stepfunctions._invoke_resource = invoke
    stepfunctions._invoke_resource_with_timeout = invoke_within
    stepfunctions._call_lambda = call
    stepfunctions._error_matches = matches
    stepfunctions._apply_output_path = output
    stepfunctions._find_matching_retrier = retrier
    stepfunctions.handle_request = handle
