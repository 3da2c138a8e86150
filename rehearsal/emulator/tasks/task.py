"""A task in the shape that moto's answers are made from."""

from typing import Any

from rollouts.model import now


class Task:
    """A task on Fargate. `last_status` is ECS's, and moves as a scheduler reports."""

    launch_type = "FARGATE"
    container_instance_arn = ""

    def __init__(self, arn: str, cluster_arn: str, group: str, task_definition_arn: str, started_by: str) -> None:
        self.task_arn = arn
        self.cluster_arn = cluster_arn
        self.group = group
        self.task_definition_arn = task_definition_arn
        self.started_by = started_by
        self.last_status = "PROVISIONING"
        self.desired_status = "RUNNING"
        self.created_at = now()
        self.stopped_at: Any = None
        self.stop_code: str | None = None
        self.stopped_reason: str | None = None
        self.containers: list[dict[str, Any]] = []
        self.attachments: list[dict[str, Any]] = []
        self.tags: list[dict[str, str]] = []

    def advance(self) -> None:
        """moto would move the task to its next state; here the scheduler does."""
