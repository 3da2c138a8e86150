"""
moto does not say when a task definition was registered.

AWS does, to the millisecond.
"""

from typing import Any

from moto.ecs.models import TaskDefinition

from patching import wrap
from rollouts.model import now


@wrap(TaskDefinition, "__init__")
def init(original: Any, self: TaskDefinition, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self.registered_at = now()
