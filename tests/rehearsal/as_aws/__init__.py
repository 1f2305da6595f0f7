"""Where MiniStack answers otherwise than AWS, and a release depends on it. Each module mends one topic: `install` puts it
in place of MiniStack's own functions, before the server starts.
"""
