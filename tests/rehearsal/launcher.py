"""Runs MiniStack, and ends it with everything it started once our side of standard input is closed.

The rehearsal holds the other end: however it ends, also by a panic or a kill, the pipe closes with it. What MiniStack
unpacks (every function, tens of megabytes) goes into a folder that ends with it too.
"""

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import types

folder = tempfile.mkdtemp(prefix=f"ministack-{os.environ['GATEWAY_PORT']}-")
tempfile.tempdir = folder


def end_with_parent():
    sys.stdin.buffer.read()
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


threading.Thread(target=end_with_parent, daemon=True).start()

from ministack.app import main  # noqa: E402 - the watch begins, and the folder is set, before the slow import
from ministack.services import ecs  # noqa: E402
from ministack.services.cloudformation import provisioners  # noqa: E402

# MiniStack asks the engine ten times a second how each task is. With dozens of tasks that is all it does; twice a
# second is soon enough.
ecs.time = types.SimpleNamespace(**vars(time))
ecs.time.sleep = lambda seconds: time.sleep(0.5 if seconds == 0.1 else seconds)

# More errors than any test makes.
NEVER = 1_000_000_000
alarm_record = provisioners._cw_metric_alarm_record


def plain_alarm_record(name, properties):
    """MiniStack knows no metric math: such an alarm watches its first metric, and goes off only when somebody sets it."""
    if properties.get("Metrics"):
        first = properties["Metrics"][0]["MetricStat"]
        properties = {key: value for key, value in properties.items() if key != "Metrics"}
        properties |= first["Metric"]
        properties |= {"Period": first["Period"], "Statistic": first["Stat"], "Threshold": NEVER}
    return alarm_record(name, properties)


provisioners._cw_metric_alarm_record = plain_alarm_record

try:
    main()
finally:
    shutil.rmtree(folder, ignore_errors=True)
