"""
moto forgets the deduplication id of a message as soon as it is deleted.

AWS drops a second message of the same id for five minutes from the first, whatever became of that.
"""

import time
from typing import Any

from moto.sqs.models import Message, Queue

from patching import wrap

_SECONDS = 5 * 60


@wrap(Queue, "add_message")
def add_message(original: Any, self: Queue, message: Message) -> None:
    if self.fifo_queue and message.deduplication_id:
        now = time.time()
        seen = {key: at for key, at in self.__dict__.get("seen", {}).items() if now - at < _SECONDS}
        if message.deduplication_id in seen:
            return
        self.seen = {**seen, message.deduplication_id: now}
    original(self, message)
