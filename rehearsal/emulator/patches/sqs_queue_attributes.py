"""
moto returns a queue's redrive policy with other white space than was set, does not know RedriveAllowPolicy, and drops
the queue's policy when another attribute is set.

AWS returns compact JSON, keeps the attribute until it is set to nothing, and leaves alone what a call does not name.
"""

import json
from typing import Any

from moto.sqs.models import Queue

from patching import wrap

_attributes = Queue.attributes

Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]


def _compact(self: Queue) -> dict[str, Any]:
    attributes = _attributes.fget(self)
    if not self.redrive_allow_policy:
        del attributes["RedriveAllowPolicy"]
    if self.redrive_policy:
        attributes["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
    return attributes


Queue.attributes = property(_compact)
# moto keeps an attribute under its name in snake case.
Queue.redrive_allow_policy = None


@wrap(Queue, "_set_attributes")
def set_attributes(original: Any, self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
    policy = getattr(self, "policy", None)
    original(self, attributes, now)
    if "Policy" not in attributes:
        self.policy = policy
