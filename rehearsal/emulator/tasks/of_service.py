"""Tasks of services, as a scheduler reports them; moto lists and describes them."""

from typing import Any

from moto.ecs.models import Service

from rollouts.model import Deployment, now
from tasks.task import Task


class ServiceTask(Task):
    """A task of a service, as of the last report. `status` as ECS's `lastStatus`."""

    def __init__(
        self,
        service: Service,
        id: str,
        deployment: Deployment,
        status: str,
        reason: str | None,
        exit_code: int | None,
    ) -> None:
        arn = f"{service.cluster_arn.replace(':cluster/', ':task/')}/{id}"
        definition = deployment.revision.task_definition
        super().__init__(arn, service.cluster_arn, f"service:{service.name}", definition, deployment.id)
        self.last_status = status
        self.desired_status = "STOPPED" if status in ("DEACTIVATING", "STOPPING", "STOPPED") else "RUNNING"
        self.stopped_reason = reason
        self.containers = [{"taskArn": arn, "exitCode": exit_code, "reason": reason}]
        known: Task | None = _tasks(service).get(arn)
        if known:
            self.created_at, self.stopped_at = known.created_at, known.stopped_at
        if status == "STOPPED" and not self.stopped_at:
            self.stopped_at = now()


def _tasks(service: Service) -> dict[str, Any]:
    return service._backend.tasks.setdefault(service.cluster_name, {})


def replace_tasks(service: Service, tasks: list[ServiceTask]) -> None:
    """These are now all the tasks of the service."""
    known = _tasks(service)
    group = f"service:{service.name}"
    for arn in [arn for arn, task in known.items() if task.group == group]:
        del known[arn]
    known.update({task.task_arn: task for task in tasks})
