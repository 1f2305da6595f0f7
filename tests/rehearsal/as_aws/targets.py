"""Puts health checks behind ELBv2: what DescribeTargetHealth says, and which targets get requests."""

import asyncio
import random
import threading

from as_aws import forwards
from as_aws.health import Balancers, Checks
from ministack.services import alb

describe_health = alb._describe_target_health
forward_to_group = alb._forward_to_tg


def registered(arn=None):
    """The targets of a group, or of all groups in all accounts: the ARN of the group, id and port."""
    for (_, of), targets in list(alb._targets._data.items()):
        if arn in (None, of) and (found := group(of)):
            for target in list(targets):
                yield of, target["Id"], target.get("Port", found["Port"])


def group(arn):
    """A group's settings; none once it is deleted."""
    _, _, _, region, account, _ = arn.split(":", 5)
    found = alb._tgs.get_scoped(account, region, arn)
    attributes = alb._tg_attrs._data.get((account, arn), [])
    attributes = {attribute["Key"]: attribute["Value"] for attribute in attributes}
    delay = int(attributes.get("deregistration_delay.timeout_seconds", 300))
    return found and {**found, "DeregistrationDelay": delay}


balancers = Balancers(forwards.load_balancers, registered, group)


def describe(params):
    arn = alb._p(params, "TargetGroupArn")
    if arn not in alb._tgs:
        return describe_health(params)
    members = "".join(member(target, health) for target, health in balancers.health(arn).items())
    descriptions = f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>"
    return alb._xml(200, "DescribeTargetHealth", descriptions)


def member(target, health):
    (_, host, port), (state, reason) = target, health
    reason = f"<Reason>{reason}</Reason>" if reason else ""
    health = f"<TargetHealth><State>{state}</State>{reason}</TargetHealth>"
    return f"<member><Target><Id>{host}</Id><Port>{port}</Port></Target>{health}</member>"


async def forward(arn, method, path, headers, body, query_params, raw_query_string=None, raw_path=None):
    """Only a healthy target gets the request; any target, where none is healthy."""
    healthy = balancers.healthy(arn)
    if not healthy:
        return await forward_to_group(arn, method, path, headers, body, query_params, raw_query_string, raw_path)
    _, host, port = random.choice(healthy)
    target, path = {"Id": host, "Port": port}, raw_path or path
    return await alb._proxy_http_target(
        target, alb._tgs[arn], method, path, headers, body, query_params, raw_query_string
    )


def install(noticed):
    """Begins to check. `noticed` learns of targets that have changed, or are unhealthy still."""
    alb._ACTION_MAP["DescribeTargetHealth"] = describe
    alb._forward_to_tg = forward
    checks = Checks(balancers, noticed)
    threading.Thread(target=lambda: asyncio.run(checks.run()), daemon=True).start()
