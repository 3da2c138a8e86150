"""Tasks of services, as a scheduler reports them; moto lists and describes them."""

from typing import Any

from moto.ecs.models import Service

from rollouts.model import Deployment, now


class Task:
    """A task of a service in the shape that moto's answers are made from. `status` as ECS's `lastStatus`."""

    def __init__(
        self,
        service: Service,
        id: str,
        deployment: Deployment,
        status: str,
        reason: str | None,
        exit_code: int | None,
    ) -> None:
        known: Task | None = _tasks(service).get(_arn(service, id))
        self.task_arn = _arn(service, id)
        self.cluster_arn = service.cluster_arn
        self.group = f"service:{service.name}"
        self.task_definition_arn = deployment.revision.task_definition
        self.started_by = deployment.id
        self.last_status = status
        self.desired_status = "STOPPED" if status in ("DEACTIVATING", "STOPPING", "STOPPED") else "RUNNING"
        self.created_at = known.created_at if known else now()
        self.stopped_at = (known and known.stopped_at) or (now() if status == "STOPPED" else None)
        self.stopped_reason = reason
        self.launch_type = "FARGATE"
        self.container_instance_arn = ""
        self.containers: list[dict[str, Any]] = [{"taskArn": self.task_arn, "exitCode": exit_code, "reason": reason}]
        self.attachments: list[dict[str, Any]] = []
        self.tags: list[dict[str, str]] = []

    def advance(self) -> None:
        """moto would move the task to its next state; here the scheduler does."""


def _arn(service: Service, id: str) -> str:
    return f"{service.cluster_arn.replace(':cluster/', ':task/')}/{id}"


def _tasks(service: Service) -> dict[str, Any]:
    return service._backend.tasks.setdefault(service.cluster_name, {})


def replace_tasks(service: Service, tasks: list[Task]) -> None:
    """These are now all the tasks of the service."""
    known = _tasks(service)
    group = f"service:{service.name}"
    for arn in [arn for arn, task in known.items() if task.group == group]:
        del known[arn]
    known.update({task.task_arn: task for task in tasks})
