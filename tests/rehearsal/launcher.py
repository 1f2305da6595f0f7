"""Runs MiniStack, and ends it with everything it started once our side of standard input is closed.

The rehearsal holds the other end: however it ends, also by a panic or a kill, the pipe closes with it.
"""

import os
import signal
import sys
import threading


def end_with_parent():
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


threading.Thread(target=end_with_parent, daemon=True).start()

from ministack.app import main  # noqa: E402 - the watch begins before the slow import

main()
