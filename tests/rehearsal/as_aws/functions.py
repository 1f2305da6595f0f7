"""Functions that are invoked by an event, so that nobody waits for their answer.

- A rule of EventBridge invokes a function only where the function's policy admits that rule. MiniStack asks no policy.
- What fails is tried again, and goes to the function's on-failure destination in the end, as with Invoke. MiniStack
  tries a rule's event once.
- What succeeds goes to the on-success destination, if that is an event bus. MiniStack sends it nowhere.
- The trace of an invocation names its function, so that our proxy knows who calls, and says if an event invoked it: the
  proxy numbers these invocations apart from the state machine's.

A function that waits for its next invocation costs next to nothing. MiniStack looks twenty times a second whether each of
them should end; with the hundreds of a sweep that slows all of it by a third.
"""

import contextvars
import json
import socketserver
from datetime import datetime, timezone

from as_aws import deliveries
from ministack.core import lambda_runtime
from ministack.services import eventbridge, lambda_svc

execute = lambda_svc._execute_function_dispatch
invoke_async = lambda_svc.invoke_async_with_retry
trace_id = lambda_svc._xray_trace_id_for_invocation
handlers = lambda_runtime.ProvidedWorker._build_handler_class
serve = socketserver.BaseServer.serve_forever

by_event = contextvars.ContextVar("by_event", default=False)

# A field of a trace header, such as Lambda itself adds to it; it is the last one.
MARK = ";Lineage=event"

# From one look whether an idle function should end to the next, in seconds.
IDLE = 1.0


class Invocations:
    """The invocations that a function waits for: the first one wakes it."""

    def __init__(self, pending):
        self.pending = pending

    def get(self, timeout):
        return self.pending.get(timeout=max(timeout, IDLE))


def dispatch(arn, payload):
    function, config, _ = lambda_svc._get_func_record_for_ref(arn)
    rule = deliveries.delivery.get().rule
    if function and deliveries.admits(function["policy"], rule, "lambda:InvokeFunction", arn):
        record = lambda_svc._execution_record_for_config(function, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))
    else:
        deliveries.keep()


def invoke_by_event(function, event):
    # The thread that invokes it gets a copy of these variables.
    token = by_event.set(True)
    try:
        invoke_async(function, event)
    finally:
        by_event.reset(token)


def execute_and_tell(function, config, event, request_id, started):
    result = execute(function, config, event, request_id, started)
    if by_event.get() and not result.get("error"):
        tell(function, config, event, request_id, result.get("body"))
    return result


def tell(function, config, event, request_id, answer):
    """Tells the on-success destination of an invocation, as Lambda does."""
    asynchronous = (function.get("event_invoke_configs") or {}).get("$LATEST") or {}
    destination = (asynchronous.get("DestinationConfig") or {}).get("OnSuccess") or {}
    bus = destination.get("Destination", "")
    if ":event-bus/" not in bus:
        return
    arn = f"{config['FunctionArn']}:$LATEST"
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    detail = {
        "version": "1.0",
        "timestamp": now,
        "requestContext": {
            "requestId": request_id, "functionArn": arn, "condition": "Success", "approximateInvokeCount": 1
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
        "responsePayload": json.loads(answer) if isinstance(answer, str) else answer,
    }
    entry = {
        "Source": "lambda",
        "DetailType": "Lambda Function Invocation Result - Success",
        "Resources": [bus, arn],
        "Detail": json.dumps(detail),
        "EventBusName": bus,
    }
    eventbridge._put_events({"Entries": [entry]})


def traced(config, inbound=None):
    trace = trace_id(config, inbound)
    by = MARK if by_event.get() else ""
    return f"{trace};Function={config['FunctionName']}{by}" if trace else trace


def install():
    lambda_runtime.ProvidedWorker._build_handler_class = lambda worker, generation, pending: handlers(
        worker, generation, Invocations(pending)
    )
    socketserver.BaseServer.serve_forever = lambda server, poll_interval=IDLE: serve(server, max(poll_interval, IDLE))
    eventbridge._dispatch_to_lambda = dispatch
    lambda_svc._execute_function_dispatch = execute_and_tell
    lambda_svc.invoke_async_with_retry = invoke_by_event
    lambda_svc._xray_trace_id_for_invocation = traced
