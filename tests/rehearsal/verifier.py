"""A verifier of one's own: a function that the machine asks before a release. The end of a build's name chooses its answer."""

import time

# Longer than the machine waits for an answer.
LATE_SECONDS = 45

ANSWERS = {
    "-unapproved": {"allowed": False, "reason": "the tests of this build have not passed"},
    "-odd": {"allowed": "yes", "reason": "a text is no decision"},
    "-silent": None,
}


def handler(event, context):
    build = event["tag"] or ""
    if build.endswith("-late"):
        time.sleep(LATE_SECONDS)
    if build.endswith("-broken"):
        raise RuntimeError("the list of tested builds cannot be read")
    approved = {"allowed": True, "reason": f"the tests of {build} have passed"}
    return next((answer for end, answer in ANSWERS.items() if build.endswith(end)), approved)
