"""Conditions of a template. In them MiniStack resolves a Ref, and the Select from a parameter's list; with any other
function a condition is silently true, or the template fails."""

from ministack.services.cloudformation import changesets, engine, handlers, stacks

evaluate = engine._evaluate_conditions

# What AWS resolves in a condition besides.
FUNCTIONS = ("Fn::FindInMap", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::Sub")


def resolved(value, params, mappings):
    if isinstance(value, list):
        return [resolved(item, params, mappings) for item in value]
    if not isinstance(value, dict):
        return value
    if any(name in value for name in FUNCTIONS):
        return engine._resolve_refs(value, {}, params, {}, mappings, "", "")
    return {name: resolved(argument, params, mappings) for name, argument in value.items()}


def evaluate_all(template, params):
    conditions = resolved(template.get("Conditions", {}), params, template.get("Mappings", {}))
    return evaluate({**template, "Conditions": conditions}, params)


def install():
    for module in (changesets, engine, handlers, stacks):
        module._evaluate_conditions = evaluate_all
