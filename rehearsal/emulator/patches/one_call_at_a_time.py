"""
moto answers calls side by side, and where one writes what another reads, that one ends with an error of the server. The
client sends it again, and is told that what it wants to make is there.

AWS answers each call whole. Here those of one service wait for each other until the answer is written, but for those that
wait by themselves: for a function's end, or for a message. (Calls of S3 come another way.)
"""

import threading
from collections import defaultdict
from typing import Any

from moto.core.responses import BaseResponse
from patching import wrap
from rollouts.engine import lock

_WAITING = {"lambda", "sqs"}

# A rollout changes what the answers of ECS are written from.
_locks = defaultdict(threading.RLock, ecs=lock)


@wrap(BaseResponse, "call_action")
def call_action(original: Any, self: BaseResponse) -> Any:
    if self.boto3_service_name in _WAITING:
        return original(self)
    with _locks[self.boto3_service_name]:
        return original(self)
