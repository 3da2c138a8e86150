"""Tasks that RunTask starts: no service holds them. A scheduler runs each to its end; EventBridge hears of each state."""

import uuid
from collections.abc import Iterator
from typing import Any

from moto.ecs.models import Cluster, EC2ContainerServiceBackend, TaskDefinition, ecs_backends

from bus.publish import new_event, publish
from rollouts.engine import Refused, auto
from rollouts.model import now
from tasks.task import Task


class StandaloneTask(Task):
    """A task of its own. It has one container that is simulated, its first."""

    def __init__(self, cluster: Cluster, definition: TaskDefinition, started_by: str) -> None:
        arn = f"{cluster.arn.replace(':cluster/', ':task/')}/{uuid.uuid4().hex}"
        super().__init__(arn, cluster.arn, f"family:{definition.family}", definition.arn, started_by)
        self._name = definition.container_definitions[0]["name"]
        self.started_at: Any = None
        self.version = 0
        self._show(None)

    def move(self, status: str, exit_code: int | None = None, reason: str | None = None) -> None:
        """A new `lastStatus`, and who caused the end where it is one."""
        self.last_status = status
        if status == "RUNNING":
            self.started_at = now()
        if status == "STOPPED":
            self.desired_status = status
            self.stopped_at = now()
            if self.stop_code is None:
                ended = exit_code is not None
                self.stop_code = "EssentialContainerExited" if ended else "TaskFailedToStart"
                self.stopped_reason = "Essential container in task exited" if ended else reason
        self._show(exit_code)

    def _show(self, exit_code: int | None) -> None:
        self.version += 1
        self.containers = [
            {
                "name": self._name,
                "taskArn": self.task_arn,
                "lastStatus": self.last_status,
                **({} if exit_code is None else {"exitCode": exit_code}),
            }
        ]


def start(backend: EC2ContainerServiceBackend, cluster: Cluster, definition: TaskDefinition, by: str) -> StandaloneTask:
    """Starts a task, which waits for the scheduler; without one it succeeds at once."""
    task = StandaloneTask(cluster, definition, by)
    backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task
    _tell(task)
    if auto["on"]:
        report(task, "STOPPED", 0, None)
    return task


def stop(task: StandaloneTask, reason: str) -> None:
    """Asks for the end of a task, which the scheduler brings about. Of a task that has ended it changes nothing."""
    if task.desired_status == "STOPPED":
        return
    task.desired_status = "STOPPED"
    task.stop_code, task.stopped_reason = "UserInitiated", reason
    _tell(task)


def report(task: StandaloneTask, status: str, exit_code: int | None, reason: str | None) -> None:
    """What became of a task, by its scheduler; `exit_code` once its container has ended."""
    if task.last_status == "STOPPED":
        raise Refused(f"The task {task.task_arn} has ended")
    task.move(status, exit_code, reason)
    _tell(task)


def at_work() -> Iterator[StandaloneTask]:
    """Every task of this kind that has not ended."""
    for regions in list(ecs_backends.values()):
        for backend in list(regions.values()):
            for tasks in list(backend.tasks.values()):
                yield from (one for one in list(tasks.values()) if is_standalone(one) and one.last_status != "STOPPED")


def is_standalone(task: Any) -> bool:
    return isinstance(task, StandaloneTask)


def _tell(task: StandaloneTask) -> None:
    moments = {name: getattr(task, f"{name[:-2]}_at") for name in ("createdAt", "startedAt", "stoppedAt")}
    detail = {
        "taskArn": task.task_arn,
        "clusterArn": task.cluster_arn,
        "taskDefinitionArn": task.task_definition_arn,
        "group": task.group,
        "startedBy": task.started_by,
        "launchType": task.launch_type,
        "lastStatus": task.last_status,
        "desiredStatus": task.desired_status,
        "containers": task.containers,
        "version": task.version,
        **{name: f"{at.isoformat(timespec='milliseconds')}Z" for name, at in moments.items() if at},
        **({"stopCode": task.stop_code, "stoppedReason": task.stopped_reason} if task.stop_code else {}),
    }
    _, _, _, region, account, _ = task.task_arn.split(":", 5)
    publish(new_event(account, region, "aws.ecs", "ECS Task State Change", [task.task_arn], detail))
