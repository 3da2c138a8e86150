"""
moto lists every task for every service, and stopped ones beside running ones.

AWS lists the tasks of the service that was named, those that shall run unless stopped ones were asked for.
"""

from typing import Any

from moto.ecs.models import EC2ContainerServiceBackend, Task

from patching import wrap


@wrap(EC2ContainerServiceBackend, "list_tasks")
def list_tasks(
    original: Any,
    self: EC2ContainerServiceBackend,
    cluster_str: str | None = None,
    container_instance: str | None = None,
    family: str | None = None,
    started_by: str | None = None,
    service_name: str | None = None,
    desiredStatus: str | None = None,
) -> list[Task]:
    wanted = desiredStatus or "RUNNING"
    tasks = original(self, cluster_str, container_instance, family, started_by, service_name, wanted)
    group = service_name and f"service:{service_name.split('/')[-1]}"
    return [task for task in tasks if not group or task.group == group]
