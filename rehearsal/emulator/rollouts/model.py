"""What ECS remembers of a service: revisions, service deployments, and the deployments that tasks belong to."""

import datetime
import secrets
import string
from dataclasses import dataclass, field
from typing import Any

from moto.ecs.models import Service

# What a service revision is made of; a change of one of them is a new revision.
REVISED = (
    "task_definition",
    "launch_type",
    "capacity_provider_strategy",
    "platform_version",
    "network_configuration",
    "load_balancers",
    "service_registries",
)
IN_FLIGHT = ("PENDING", "IN_PROGRESS", "ROLLBACK_IN_PROGRESS")


def now() -> datetime.datetime:
    """This moment, to the millisecond, in UTC without a zone as moto wants it."""
    moment = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _arn(service: Service, kind: str, id: str) -> str:
    return f"{service.arn.replace(':service/', f':{kind}/')}/{id}"


@dataclass
class Revision:
    """An immutable picture of a service: `settings` by moto's names of the fields."""

    arn: str
    settings: dict[str, Any]
    created_at: datetime.datetime

    @property
    def task_definition(self) -> str:
        return self.settings["task_definition"]


@dataclass
class Deployment:
    """An entry of DescribeServices' `deployments`: the tasks of one revision. `state` is its rollout state."""

    id: str
    revision: Revision
    desired: int
    created_at: datetime.datetime = field(default_factory=now)
    updated_at: datetime.datetime = field(default_factory=now)
    state: str = "IN_PROGRESS"
    reason: str = ""
    running: int = 0
    pending: int = 0
    failed: int = 0


@dataclass
class Rollout:
    """A service deployment, as DescribeServiceDeployments shows it; a rollback belongs to the one that failed."""

    arn: str
    target: Revision
    sources: list[Revision]
    deployment: Deployment
    created_at: datetime.datetime = field(default_factory=now)
    updated_at: datetime.datetime = field(default_factory=now)
    finished_at: datetime.datetime | None = None
    status: str = "IN_PROGRESS"
    reason: str | None = None
    breaker: str = "MONITORING"
    alarms: str = "DISABLED"
    triggered: list[str] = field(default_factory=list)
    back_to: Revision | None = None
    back_reason: str | None = None
    back_at: datetime.datetime | None = None

    def end(self, status: str, reason: str | None = None) -> None:
        self.status = status
        self.reason = reason
        self.finished_at = self.updated_at = now()


@dataclass
class History:
    """Everything of one service; `deployments` are those that still have tasks, the primary one first."""

    revisions: list[Revision] = field(default_factory=list)
    rollouts: list[Rollout] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)

    @property
    def primary(self) -> Deployment:
        return self.deployments[0]

    def current_revision(self, service: Service) -> Revision:
        """The revision that the service's settings make: an old one when nothing changed."""
        settings = {name: getattr(service, name, None) for name in REVISED}
        if self.revisions and self.revisions[-1].settings == settings:
            return self.revisions[-1]
        arn = _arn(service, "service-revision", "".join(secrets.choice(string.digits) for _ in range(19)))
        self.revisions.append(Revision(arn, settings, now()))
        return self.revisions[-1]

    def last_successful(self) -> Revision | None:
        return next((one.target for one in reversed(self.rollouts) if one.status == "SUCCESSFUL"), None)


def new_deployment(revision: Revision, desired: int) -> Deployment:
    id = f"ecs-svc/{''.join(secrets.choice(string.digits) for _ in range(19))}"
    return Deployment(id, revision, desired, pending=desired, reason=f"ECS deployment {id} in progress.")


def new_rollout(service: Service, deployment: Deployment, sources: list[Revision]) -> Rollout:
    letters = string.ascii_letters + string.digits
    arn = _arn(service, "service-deployment", "".join(secrets.choice(letters) for _ in range(21)))
    return Rollout(arn, deployment.revision, sources, deployment)
