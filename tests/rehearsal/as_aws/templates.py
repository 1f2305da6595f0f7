"""What a rule makes of an event by an input template, as AWS does.

A template is JSON, or several JSON texts one after the other, each in its quotes; any other is refused, and so is one
with a placeholder that no path fills, nor EventBridge by itself. A path that an event lacks leaves nothing in its
place. Nothing that a path finds is escaped: if no JSON comes of it, nothing is delivered here. AWS does not say what it
delivers then.
"""

import json
import re

from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

handlers = provisioners._RESOURCE_HANDLERS["AWS::Events::Rule"]
create_rule = handlers["create"]
put_targets = eventbridge._put_targets
transform = eventbridge._apply_input_transformer

PLACEHOLDER = re.compile(r"<([^<>]*)>")

# What EventBridge fills by itself.
RESERVED = {
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event",
    "aws.events.event.json",
    "aws.events.event.ingestion-time",
}


class NoJson(Exception):
    """No JSON came of a template."""


def rule_of_template(logical_id, properties, stack):
    check(properties.get("Targets"))
    return create_rule(logical_id, properties, stack)


def targets_of_call(data):
    check(data.get("Targets"))
    return put_targets(data)


def check(targets):
    for target in targets or []:
        transformer = target.get("InputTransformer") or {}
        template = transformer.get("InputTemplate", "{}")
        if not is_json(PLACEHOLDER.sub("null", template)):
            raise ValueError(f"Invalid InputTemplate for target {target['Id']} : {template}")
        known = RESERVED | set(transformer.get("InputPathsMap") or {})
        for name in PLACEHOLDER.findall(template):
            if name not in known:
                raise ValueError(f"InputTemplate for target {target['Id']} contains invalid placeholder {name}.")


def is_json(text):
    """Whether a text is JSON, or several JSON texts one after the other."""
    text = text.strip()
    while text:
        try:
            _, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            return False
        text = text[end:].lstrip()
    return True


def transformed(transformer, rule, view):
    event = view.event_with_detail()
    paths = transformer.get("InputPathsMap") or {}
    template = transformer["InputTemplate"]
    for name, path in paths.items():
        if not has(event, path):
            template = template.replace(f"<{name}>", "")
    text = transform({**transformer, "InputTemplate": template}, rule, view)
    if not is_json(text):
        raise NoJson
    return text


def has(value, path):
    for name in path.removeprefix("$.").split("."):
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return True


def install():
    handlers["create"] = rule_of_template
    eventbridge._put_targets = targets_of_call
    eventbridge._apply_input_transformer = transformed
