"""
moto keeps one deployment of a service, which never ends and whose task definition never changes, says that tasks run as
soon as they are wanted, and has no service deployments or revisions.

AWS starts a deployment when a service is created, and when an update forces one or changes its revision: the new one is
PRIMARY, the old ones ACTIVE until their last task ends. Its history tells how each ended. Who runs the tasks here
reports over the control API; with `--auto` a deployment succeeds at once.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse

from patching import add, wrap
from rollouts.engine import begin, history_of, scale
from rollouts.model import REVISED
from rollouts.views import brief, full, revision

# Applied first, for a deployment shows the fields that it keeps.
import patches.ecs_service_fields  # noqa: F401  # isort: skip

_PAGE = 100


@wrap(EC2ContainerServiceResponse, "create_service")
def create_service(original: Any, self: EC2ContainerServiceResponse) -> ActionResult:
    answer = original(self)
    begin(answer.result["service"])
    return answer


@wrap(EC2ContainerServiceBackend, "update_service")
def update_service(original: Any, self: EC2ContainerServiceBackend, properties: dict[str, Any]) -> Service:
    service = self._get_service(properties.get("cluster", "default"), properties["service"])
    if service.status != "ACTIVE":
        raise JsonRESTError("ServiceNotActiveException", "Service was not ACTIVE.")
    forced = properties.pop("force_new_deployment", False)
    if properties.get("task_definition"):
        # Here moto would keep the words of the call, which may name a family only.
        properties["task_definition"] = self.describe_task_definition(properties["task_definition"]).arn
    before = {name: getattr(service, name, None) for name in REVISED}
    desired = service.desired_count
    original(self, properties)
    if forced or before != {name: getattr(service, name, None) for name in REVISED}:
        begin(service)
    elif service.desired_count != desired:
        scale(service)
    return service


def _moment(value: Any) -> float:
    return value.timestamp() if isinstance(value, datetime) else float(value)


def _utc(value: datetime) -> float:
    return (value - datetime(1970, 1, 1)).total_seconds()


@add(EC2ContainerServiceResponse, "list_service_deployments")
def list_service_deployments(self: EC2ContainerServiceResponse) -> ActionResult:
    service = self.ecs_backend._get_service(self._get_param("cluster", "default"), self._get_param("service"))
    statuses = self._get_param("status") or []
    window = self._get_param("createdAt") or {}
    after, before = (_moment(window[end]) if window.get(end) else None for end in ("after", "before"))
    found = [
        brief(service, one)
        for one in reversed(history_of(service).rollouts)
        if (not statuses or one.status in statuses)
        and (after is None or _utc(one.created_at) >= after)
        and (before is None or _utc(one.created_at) <= before)
    ]
    start = int(self._get_param("nextToken") or 0)
    end = start + int(self._get_param("maxResults") or _PAGE)
    more = {"nextToken": str(end)} if end < len(found) else {}
    return ActionResult({"serviceDeployments": found[start:end], **more})


def _all(self: EC2ContainerServiceResponse) -> Iterator[Service]:
    yield from self.ecs_backend.services.values()


@add(EC2ContainerServiceResponse, "describe_service_deployments")
def describe_service_deployments(self: EC2ContainerServiceResponse) -> ActionResult:
    known = {one.arn: full(service, one) for service in _all(self) for one in history_of(service).rollouts}
    return ActionResult(_answer("serviceDeployments", known, self._get_param("serviceDeploymentArns")))


@add(EC2ContainerServiceResponse, "describe_service_revisions")
def describe_service_revisions(self: EC2ContainerServiceResponse) -> ActionResult:
    known = {one.arn: revision(service, one) for service in _all(self) for one in history_of(service).revisions}
    return ActionResult(_answer("serviceRevisions", known, self._get_param("serviceRevisionArns")))


def _answer(name: str, known: dict[str, dict[str, Any]], arns: list[str]) -> dict[str, Any]:
    return {
        name: [known[arn] for arn in arns if arn in known],
        "failures": [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in known],
    }
