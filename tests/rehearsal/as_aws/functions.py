"""Functions that are invoked by an event, so that nobody waits for their answer.

- A rule of EventBridge invokes a function only where the function's policy admits that rule. MiniStack asks no policy.
- What fails is tried again, and goes to the function's on-failure destination in the end, as with Invoke. MiniStack
  tries a rule's event once.
- The trace of an invocation names its function, so that our proxy knows who calls, and says if an event invoked it: the
  proxy numbers these invocations apart from the state machine's.
"""

import contextvars
import json

from ministack.services import eventbridge, lambda_svc

invoke_target = eventbridge._invoke_target
invoke_async = lambda_svc.invoke_async_with_retry
trace_id = lambda_svc._xray_trace_id_for_invocation

# The ARN of the rule whose target is being invoked.
rule_arn = contextvars.ContextVar("rule_arn")
by_event = contextvars.ContextVar("by_event", default=False)

# A field of a trace header, such as Lambda itself adds to it; it is the last one.
MARK = ";Lineage=event"

# Operators of a condition that hold where both sides are equal.
EQUAL = ("ArnEquals", "ArnLike", "StringEquals", "StringLike")


def invoke(target, event, rule, view=None):
    token = rule_arn.set(rule["Arn"])
    try:
        invoke_target(target, event, rule, view)
    finally:
        rule_arn.reset(token)


def dispatch(arn, payload):
    function, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if function and admits(function["policy"], rule_arn.get()):
        record = lambda_svc._execution_record_for_config(function, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))


def admits(policy, rule):
    """Whether a function's policy lets EventBridge invoke it for a rule, by the rule's ARN."""
    source = {"aws:sourcearn": rule, "aws:sourceaccount": rule.split(":")[4]}
    return any(
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": "events.amazonaws.com"}
        and met(statement.get("Condition", {}), source)
        for statement in policy["Statement"]
    )


def met(conditions, source):
    """Whether the source meets all conditions; one that is not understood is not met."""
    return all(
        operator in EQUAL and source.get(key.lower()) == value
        for operator, keys in conditions.items()
        for key, value in keys.items()
    )


def invoke_by_event(function, event):
    # The thread that invokes it gets a copy of these variables.
    token = by_event.set(True)
    try:
        invoke_async(function, event)
    finally:
        by_event.reset(token)


def traced(config, inbound=None):
    trace = trace_id(config, inbound)
    by = MARK if by_event.get() else ""
    return f"{trace};Function={config['FunctionName']}{by}" if trace else trace


def install():
    eventbridge._invoke_target = invoke
    eventbridge._dispatch_to_lambda = dispatch
    lambda_svc.invoke_async_with_retry = invoke_by_event
    lambda_svc._xray_trace_id_for_invocation = traced
