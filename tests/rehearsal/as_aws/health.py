"""Health checks of targets, as an Application Load Balancer makes them. To MiniStack every target is healthy.

The targets are asked over HTTP as their group says: protocol, port, path, codes, timeout and counts. Our clock is ten
times as fast as AWS's: what is 10 seconds from one check to the next, or 30 seconds of deregistration delay there, are
one second and 3 seconds here. Only a check's timeout is as long as on AWS, because the tasks are no faster here.
"""

import asyncio
import ssl
import threading
import time
from dataclasses import dataclass, field

SPEED = 10

# From one look at what is registered to the next, in seconds.
LOOK = 0.1

# Checks under way at the same time.
MOST_CHECKS = 64

# A load balancer does not verify the certificate of a target.
UNVERIFIED = ssl.create_default_context()
UNVERIFIED.check_hostname = False
UNVERIFIED.verify_mode = ssl.CERT_NONE

IN_USE_BY_NONE = ("unused", "Target.NotInUse")
DRAINING = ("draining", "Target.DeregistrationInProgress")
REGISTERED = ("initial", "Elb.RegistrationInProgress")
ASKED = ("initial", "Elb.InitialHealthChecking")
HEALTHY = ("healthy", None)


@dataclass
class Target:
    """A registered target of a group that some load balancer reaches."""

    # State and reason, as DescribeTargetHealth has them.
    health: tuple = REGISTERED
    # Checks in a row that it passed, and that it failed.
    passed: int = 0
    failed: int = 0
    since: float = field(default_factory=time.monotonic)
    # When its next check is due.
    due: float = 0.0

    def judge(self, failure, group):
        """Takes the outcome of a check: the reason of its failure, or none.

        One passed check makes a new target healthy; the thresholds are those of a target that was unhealthy or healthy
        before (AWS: "Health checks for Application Load Balancer target groups").
        """
        if failure is None:
            self.passed, self.failed = self.passed + 1, 0
            if self.health in (REGISTERED, ASKED) or self.passed >= group["HealthyThresholdCount"]:
                self.health = HEALTHY
        else:
            self.passed, self.failed = 0, self.failed + 1
            if self.failed >= group["UnhealthyThresholdCount"]:
                self.health = ("unhealthy", failure)
            elif self.health == REGISTERED:
                self.health = ASKED


class Balancers:
    """What all load balancers know of all targets: a target is the ARN of its group, its id and its port."""

    def __init__(self, reached, registered, group):
        """`reached()`: ARNs of the groups in use. `registered(ARN)`: the targets of a group, or of all groups.
        `group(ARN)`: a group's settings, which it has as long as it exists."""
        self.reached, self.registered, self.group = reached, registered, group
        self.targets = {}
        # Deregistered ones, and until when requests in flight may take.
        self.draining = {}
        self.lock = threading.Lock()

    def look(self):
        """Compares with what is registered now; gives the targets that are checked."""
        with self.lock:
            now, reached = time.monotonic(), self.reached()
            registered = {target for target in self.registered() if target[0] in reached}
            for target in self.targets.keys() - registered:
                del self.targets[target]
                if target[0] in reached and (group := self.group(target[0])):
                    self.draining[target] = now + group["DeregistrationDelay"] / SPEED
            for target in registered - self.targets.keys():
                self.targets[target] = Target()
            left = self.draining.items()
            self.draining = {target: until for target, until in left if until > now and target not in registered}
            return dict(self.targets)

    def health(self, arn):
        """State and reason of each target of a group."""
        checked = self.look()
        registered = self.registered(arn)
        found = {target: checked[target].health if target in checked else IN_USE_BY_NONE for target in registered}
        return found | {target: DRAINING for target in self.draining if target[0] == arn}

    def healthy(self, arn):
        """The targets of a group that were healthy at the last look."""
        known = ((target, self.targets.get(target)) for target in self.registered(arn))
        return [target for target, found in known if found and found.health == HEALTHY]


async def ask(target, group):
    """Sends one health check; the reason of its failure, or none."""
    _, host, port = target
    if group["HealthCheckPort"] != "traffic-port":
        port = int(group["HealthCheckPort"])
    tls = UNVERIFIED if group["HealthCheckProtocol"] == "HTTPS" else None
    request = f"GET {group['HealthCheckPath']} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: ELB-HealthChecker/2.0\r\n"
    writer = None

    async def status():
        nonlocal writer
        reader, writer = await asyncio.open_connection(host, port, ssl=tls)
        writer.write(f"{request}Connection: close\r\n\r\n".encode())
        return int((await reader.readline()).split()[1])

    try:
        code = await asyncio.wait_for(status(), group["HealthCheckTimeoutSeconds"])
    except asyncio.TimeoutError:
        return "Target.Timeout"
    except (OSError, ValueError, IndexError):
        return "Target.FailedHealthChecks"
    finally:
        if writer:
            writer.close()
    return None if matches(code, group["Matcher"]["HttpCode"]) else "Target.ResponseCodeMismatch"


def matches(code, codes):
    """Whether a status is among codes such as `200,202` or `200-299`."""
    ranges = (part.split("-") for part in codes.split(","))
    return any(int(ends[0]) <= code <= int(ends[-1]) for ends in ranges)


class Checks:
    """Checks every target when it is due, until the process ends."""

    def __init__(self, balancers, noticed):
        """`noticed(target, Target)` is called with a target that has changed, or is unhealthy still."""
        self.balancers, self.noticed = balancers, noticed
        self.under_way = set()

    async def run(self):
        most = asyncio.Semaphore(MOST_CHECKS)
        while True:
            now = time.monotonic()
            for target, known in self.balancers.look().items():
                if known.due <= now and target not in self.under_way and (group := self.balancers.group(target[0])):
                    self.under_way.add(target)
                    asyncio.create_task(self.check(target, known, group, most))
            await asyncio.sleep(LOOK)

    async def check(self, target, known, group, most):
        async with most:
            known.due = time.monotonic() + group["HealthCheckIntervalSeconds"] / SPEED
            failure = await ask(target, group)
        before = known.health
        known.judge(failure, group)
        self.under_way.discard(target)
        if known.health != before or known.health[0] == "unhealthy":
            self.noticed(target, known)
