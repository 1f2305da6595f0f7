"""What ECS makes of the health of a service's targets. MiniStack's ECS knows of none.

- A service begins only on a target group that a load balancer reaches.
- A deployment is completed once its targets are healthy.
- A task whose target is unhealthy is replaced, after the service's grace period, which our clock shortens too.
"""

import time

from as_aws import forwards
from as_aws.health import HEALTHY, SPEED
from as_aws.targets import balancers
from ministack.core.concurrency import spawn_background
from ministack.core.responses import request_scope
from ministack.services import alb, ecs
from ministack.services.cloudformation import provisioners

create_service = ecs._create_service
complete_deployment = ecs._complete_service_deployment
record_healthy = ecs._record_service_task_healthy
mark_stopped = ecs._maybe_mark_stopped
sync_targets = ecs._sync_service_targets
create_from_template = provisioners._ecs_service_create


def create(data):
    groups = [balancer.get("targetGroupArn") for balancer in data.get("loadBalancers") or []]
    for group in filter(None, groups):
        if group not in forwards.load_balancers():
            message = f"The target group with targetGroupArn {group} does not have an associated load balancer."
            return ecs.error_response_json("InvalidParameterException", message, 400)
    return create_service(data)


def create_as_written(logical_id, props, stack_name):
    """MiniStack forgets the grace period of a template."""
    arn, attributes = create_from_template(logical_id, props, stack_name)
    service = ecs._services[arn.split(":service/")[1]]
    service["healthCheckGracePeriodSeconds"] = int(props.get("HealthCheckGracePeriodSeconds", 0))
    return arn, attributes


def complete(cluster, key, expected_deployment_id=None):
    service = ecs._services.get(key)
    primary = service and ecs._primary_deployment(service)
    if primary and not all(healthy(service, task) for task in tasks(service) if is_of(task, primary)):
        # `noticed` comes back to it.
        return
    complete_deployment(cluster, key, expected_deployment_id)


def record(key, task):
    """To MiniStack a task is healthy, and ends a row of failures, once it has run for a second."""
    service = ecs._services.get(key)
    if service and healthy(service, task):
        record_healthy(key, task)


def sync(cluster, service):
    """To MiniStack the targets of a service stay in a group that the service has left."""
    registered = service.get("_published_targets", {})
    groups = {balancer.get("targetGroupArn") for balancer in service.get("loadBalancers") or []}
    for group in registered.keys() - groups:
        alb.set_targets_for_group(group, [], registered.pop(group))
    sync_targets(cluster, service)


def tasks(service):
    """The running tasks of a service."""
    group, cluster = f"service:{service['serviceName']}", service["clusterArn"]
    for task in list(ecs._tasks.values()):
        if (task.get("group"), task.get("clusterArn"), task.get("lastStatus")) == (group, cluster, "RUNNING"):
            yield task


def is_of(task, deployment):
    return task.get("_deployment_id") == deployment["id"]


def healthy(service, task):
    """Whether each group of the service that is in use finds the task's target healthy."""
    reached, address = forwards.load_balancers(), ecs._task_ip(task)
    groups = (balancer.get("targetGroupArn") for balancer in service.get("loadBalancers") or [])
    found = ((arn, balancers.health(arn)) for arn in groups if arn in reached)
    return all(
        health == HEALTHY for arn, targets in found for target, health in targets.items() if target[1] == address
    )


def noticed(target, known):
    """Called for a target that has changed, or is unhealthy still."""
    arn, address, _ = target
    _, _, _, region, account, _ = arn.split(":", 5)

    def act():
        with request_scope(account, region):
            for service in list(ecs._services.values()):
                if any(balancer.get("targetGroupArn") == arn for balancer in service.get("loadBalancers") or []):
                    react(service, arn, address, known)

    spawn_background(act, thread_name="as-aws-noticed")


def react(service, arn, address, known):
    grace = service.get("healthCheckGracePeriodSeconds", 0) / SPEED
    cluster = ecs._cluster_name_from_arn(service["clusterArn"])
    key = f"{cluster}/{service['serviceName']}"
    for task in [task for task in tasks(service) if ecs._task_ip(task) == address]:
        if known.health == HEALTHY:
            record(key, task)
            complete(cluster, key)
        elif known.health[0] == "unhealthy" and time.monotonic() >= known.since + grace:
            replace(task, arn)


def replace(task, group):
    reason = f"Task failed ELB health checks in (target-group {group})"
    if ecs._mark_task_stopped(task["taskArn"], task, reason, "ServiceSchedulerInitiated"):
        # It counts for the circuit breaker, and ECS starts another one.
        ecs._record_service_task_failure(task)
        ecs._cleanup_task_resources(task, ecs._get_docker())


def watch(task, engine, account, region):
    """Waits for the end of the task's containers. MiniStack asks for it ten times a second and at every ListTasks, and
    with dozens of tasks that is all that it does."""

    def until_it_ends(container):
        with request_scope(account, region):
            engine.containers.get(container).wait()
            mark_stopped(task, engine)

    for container in task["_docker_ids"]:
        spawn_background(lambda container=container: until_it_ends(container), thread_name="as-aws-watch")
    family, _, service = task.get("group", "").partition(":")
    if family == "service":
        cluster = ecs._cluster_name_from_arn(task["clusterArn"])
        key = f"{cluster}/{service}"
        ecs._schedule_service_deployment_completion(cluster, key, account, region, healthy_task=task)


def install():
    ecs._watch_task_lifecycle = watch
    ecs._maybe_mark_stopped = lambda task, engine=None: None
    ecs._create_service = ecs._ACTION_MAP["CreateService"] = create
    ecs._complete_service_deployment = complete
    ecs._record_service_task_healthy = record
    ecs._sync_service_targets = sync
    provisioners._RESOURCE_HANDLERS["AWS::ECS::Service"]["create"] = create_as_written
