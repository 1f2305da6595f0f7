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

# MiniStack asks the engine ten times a second how each task is. With dozens of tasks that is all it does; twice a
# second is soon enough.
ecs.time = types.SimpleNamespace(**vars(time))
ecs.time.sleep = lambda seconds: time.sleep(0.5 if seconds == 0.1 else seconds)

try:
    main()
finally:
    shutil.rmtree(folder, ignore_errors=True)
