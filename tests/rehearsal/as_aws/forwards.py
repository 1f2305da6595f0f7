"""Weighted forwards, and which load balancers reach a target group. MiniStack keeps one group of a forward.

As on AWS, a forward to one group is shown as `TargetGroupArn` and as `ForwardConfig`, one to several groups as
`ForwardConfig` alone. Its stickiness is kept and shown; each request is forwarded by the weights alone.
"""

import random

from ministack.services import alb
from ministack.services.cloudformation import provisioners

parse_actions = alb._parse_actions
action_xml = alb._action_xml
execute_actions = alb._execute_actions
describe_groups = alb._describe_tgs
template_actions = provisioners._elbv2_listener_actions


def groups(action):
    """The target groups that an action forwards to: ARNs, each with its weight."""
    config = action.get("ForwardConfig") or {}
    weighted = [(group["TargetGroupArn"], int(group.get("Weight", 1))) for group in config.get("TargetGroups", [])]
    single = [(action["TargetGroupArn"], 1)] if "TargetGroupArn" in action else []
    return weighted or single


def load_balancers():
    """The ARNs of the load balancers whose rules or default actions forward to a target group, by its ARN. A weight of
    0 counts: such a group is health-checked."""
    found = {}
    listeners = dict(alb._listeners._data.items())
    for (account, region, _), rule in list(alb._rules._data.items()):
        listener = listeners.get((account, region, rule["ListenerArn"]))
        for action in rule["Actions"] if listener else []:
            for group, _ in groups(action):
                found.setdefault(group, set()).add(listener["LoadBalancerArn"])
    return found


def kept(action, config):
    """An action as ELBv2 keeps it; `config` is the `ForwardConfig` that came with it."""
    weighted = groups({**action, "ForwardConfig": config})
    if not weighted:
        return action
    action = {key: value for key, value in action.items() if key != "TargetGroupArn"}
    if len(weighted) == 1:
        action["TargetGroupArn"] = weighted[0][0]
    members = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weighted]
    stickiness = (config or {}).get("TargetGroupStickinessConfig") or {"Enabled": "false"}
    return {**action, "ForwardConfig": {"TargetGroups": members, "TargetGroupStickinessConfig": stickiness}}


def config_of_call(params, prefix):
    """The `ForwardConfig` among the parameters of a call."""
    members = []
    while arn := alb._p(params, f"{prefix}.TargetGroups.member.{len(members) + 1}.TargetGroupArn"):
        weight = alb._p(params, f"{prefix}.TargetGroups.member.{len(members) + 1}.Weight", "1")
        members.append({"TargetGroupArn": arn, "Weight": weight})
    names = ("Enabled", "DurationSeconds")
    stickiness = {name: alb._p(params, f"{prefix}.TargetGroupStickinessConfig.{name}") for name in names}
    stickiness = {name: value for name, value in stickiness.items() if value}
    return {"TargetGroups": members, "TargetGroupStickinessConfig": stickiness}


def actions_of_call(params, prefix="DefaultActions"):
    actions = enumerate(parse_actions(params, prefix), start=1)
    return [kept(action, config_of_call(params, f"{prefix}.member.{number}.ForwardConfig")) for number, action in actions]


def actions_of_template(props, lb_arn, prop="DefaultActions"):
    written = [action for action in props.get(prop) or [] if isinstance(action, dict)]
    actions = zip(template_actions(props, lb_arn, prop), written)
    return [kept(action, written.get("ForwardConfig")) for action, written in actions]


def xml(action):
    if "ForwardConfig" not in action:
        return action_xml(action)
    config = action["ForwardConfig"]
    members = "".join(
        f"<member><TargetGroupArn>{arn}</TargetGroupArn><Weight>{weight}</Weight></member>"
        for arn, weight in groups(action)
    )
    stickiness = config["TargetGroupStickinessConfig"]
    stickiness = "".join(f"<{name}>{str(value).lower()}</{name}>" for name, value in stickiness.items())
    forward = (
        f"<ForwardConfig><TargetGroups>{members}</TargetGroups>"
        f"<TargetGroupStickinessConfig>{stickiness}</TargetGroupStickinessConfig></ForwardConfig>"
    )
    return action_xml(action).removesuffix("</member>") + forward + "</member>"


def chosen(action):
    """The action with one of its groups, chosen by the weights; with none where all weights are 0."""
    weighted = groups(action)
    if sum(weight for _, weight in weighted) == 0:
        return {key: value for key, value in action.items() if key != "TargetGroupArn"}
    arns, weights = zip(*weighted)
    return {**action, "TargetGroupArn": random.choices(arns, weights)[0]}


async def execute(actions, *rest, **more):
    return await execute_actions([chosen(action) for action in actions], *rest, **more)


def describe(params):
    """MiniStack knows only the load balancers of listeners' first actions, and forgets none."""
    reached = load_balancers()
    for arn, group in alb._tgs.items():
        group["LoadBalancerArns"] = sorted(reached.get(arn, ()))
    return describe_groups(params)


def install():
    alb._parse_actions = actions_of_call
    alb._action_xml = xml
    alb._execute_actions = execute
    alb._ACTION_MAP["DescribeTargetGroups"] = describe
    provisioners._elbv2_listener_actions = actions_of_template
