"""Runs MiniStack, and ends it with everything it started once our side of standard input is closed.

The rehearsal holds the other end: however it ends, also by a panic or a kill, the pipe closes with it. What MiniStack
unpacks (every function, tens of megabytes) goes into a folder that ends with it too. `as_aws` mends what MiniStack does
otherwise than AWS.
"""

import os
import shutil
import signal
import sys
import tempfile
import threading

folder = tempfile.mkdtemp(prefix=f"ministack-{os.environ['GATEWAY_PORT']}-")
tempfile.tempdir = folder
# Nothing is written beside our sources; pip has compiled MiniStack's.
sys.dont_write_bytecode = True


def end_with_parent():
    sys.stdin.buffer.read()
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


threading.Thread(target=end_with_parent, daemon=True).start()

# MiniStack has a thread for each running function and more. With hundreds of them, those that wait for the interpreter wake
# up so often at the usual interval that none of them gets on.
sys.setswitchinterval(0.1)

# The watch begins, and the folder is set, before the slow imports.
from ministack.app import main  # noqa: E402
from as_aws import (  # noqa: E402
    alarms,
    buckets,
    conditions,
    deliveries,
    entries,
    forwards,
    functions,
    services,
    starts,
    targets,
    tasks,
    templates,
    webhooks,
)

alarms.install()
buckets.install()
conditions.install()
deliveries.install()
entries.install()
forwards.install()
functions.install()
services.install()
starts.install()
targets.install(services.noticed)
tasks.install()
templates.install()
webhooks.install()

try:
    main()
finally:
    shutil.rmtree(folder, ignore_errors=True)
