"""To whom EventBridge delivers an event.

A topic and a queue get it only if their policy lets the rule publish or send to them. The message of a topic has no
subject. What is not delivered goes to the dead-letter queue of the target.
"""

import contextvars
import json
from dataclasses import dataclass
from fnmatch import fnmatchcase

from as_aws import templates
from ministack.core.arn import parse_arn
from ministack.services import eventbridge, sns, sqs

invoke_target = eventbridge._invoke_target
send_to_queue = eventbridge._dispatch_to_sqs

# Operators of a condition that hold where both sides are equal.
EQUAL = ("ArnEquals", "ArnLike", "StringEquals", "StringLike")


@dataclass
class Delivery:
    """An event on its way to one target of a rule."""

    rule: str
    target: dict
    view: object


delivery = contextvars.ContextVar("delivery")


def invoke(target, event, rule, view=None):
    view = view or eventbridge._pattern_event_view(event)
    token = delivery.set(Delivery(rule["Arn"], target, view))
    try:
        invoke_target(target, event, rule, view)
    except templates.NoJson:
        keep()
    finally:
        delivery.reset(token)


def to_topic(arn, payload):
    topic = sns._topic_by_arn_any_scope(arn)
    if topic and admits(topic["attributes"].get("Policy"), delivery.get().rule, "sns:Publish", arn):
        sns.publish_internal(arn, payload)
    else:
        keep()


def to_queue(spec, payload, parameters=None):
    queue = sqs._queue_by_arn(str(spec))
    if queue and admits(queue["attributes"].get("Policy"), delivery.get().rule, "sqs:SendMessage", str(spec)):
        send_to_queue(spec, payload, parameters)
    else:
        keep()


def keep():
    """Puts the event into the dead-letter queue of the target, if that admits the rule."""
    now = delivery.get()
    arn = (now.target.get("DeadLetterConfig") or {}).get("Arn", "")
    queue = sqs._queue_by_arn(arn)
    if queue and admits(queue["attributes"].get("Policy"), now.rule, "sqs:SendMessage", arn):
        send_to_queue(parse_arn(arn), json.dumps(now.view.event_with_detail()))


def admits(policy, rule, action, arn):
    """Whether a resource's policy, if it has one, allows EventBridge an action on it for a rule; both by their ARNs."""
    policy = json.loads(policy or "{}") if not isinstance(policy, dict) else policy
    source = {"aws:sourcearn": rule, "aws:sourceaccount": rule.split(":")[4]}
    return any(
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": "events.amazonaws.com"}
        and covers([it.lower() for it in listed(statement.get("Action"))], action.lower())
        and covers(listed(statement.get("Resource")), arn)
        and met(statement.get("Condition", {}), source)
        for statement in policy.get("Statement", [])
    )


def covers(patterns, name):
    """Whether one of the patterns, with IAM's wildcards, fits a name."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def listed(value):
    """What a policy has as a list or as one text; nothing where it has neither."""
    return value if isinstance(value, list) else [value] if value else []


def met(conditions, source):
    """Whether the source meets all conditions; one that is not understood is not met."""
    return all(
        operator in EQUAL and source.get(key.lower()) in listed(value)
        for operator, keys in conditions.items()
        for key, value in keys.items()
    )


def install():
    eventbridge._invoke_target = invoke
    eventbridge._dispatch_to_sns = to_topic
    eventbridge._dispatch_to_sqs = to_queue
