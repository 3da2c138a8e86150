"""
moto runs a task by counting the calls that describe it, starts another one for the same client token, sends no event,
and does not say how a task was stopped.

AWS starts one task for a client token and refuses the token for another request; whoever runs the tasks here reports over
the control API. Only what the redeployer asks for is there: one task on Fargate, as its definition says.
"""

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, Task
from moto.ecs.responses import EC2ContainerServiceResponse

from patching import wrap
from tasks.standalone import StandaloneTask, is_standalone, start, stop

_SIMULATED = {
    "cluster",
    "taskDefinition",
    "count",
    "launchType",
    "networkConfiguration",
    "startedBy",
    "clientToken",
}


@wrap(EC2ContainerServiceResponse, "run_task")
def run_task(_original: Any, self: EC2ContainerServiceResponse) -> ActionResult:
    asked = dict(self._get_params())
    token = asked.pop("clientToken", None)
    _expect_simulated(asked)
    known: dict[str, tuple[dict[str, Any], StandaloneTask]] = self.ecs_backend.__dict__.setdefault("client_tokens", {})
    if token in known:
        before, task = known[token]
        if before != asked:
            message = "The provided clientToken is already in use with a different RunTask request."
            raise JsonRESTError("ConflictException", message)
    else:
        task = _start(self.ecs_backend, asked)
        if token:
            known[token] = (asked, task)
    return ActionResult({"tasks": [task], "failures": []})


def _expect_simulated(asked: dict[str, Any]) -> None:
    unknown = set(asked) - _SIMULATED
    if unknown or asked.get("count", 1) != 1 or asked.get("launchType") != "FARGATE":
        others = f", not {', '.join(sorted(unknown))}" if unknown else ""
        raise NotImplementedError(f"one task with launchType FARGATE, as its definition says{others}")


def _start(backend: EC2ContainerServiceBackend, asked: dict[str, Any]) -> StandaloneTask:
    cluster = backend._get_cluster(asked.get("cluster", "default"))
    definition = backend.describe_task_definition(asked["taskDefinition"])
    network = asked.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    if not network.get("subnets"):
        raise InvalidParameterException(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    return start(backend, cluster, definition, asked.get("startedBy", ""))


@wrap(EC2ContainerServiceBackend, "stop_task")
def stop_task(original: Any, self: EC2ContainerServiceBackend, cluster_str: str, task_str: str, reason: str) -> Task:
    cluster = self._get_cluster(cluster_str)
    id = task_str.split("/")[-1]
    task = next((one for arn, one in self.tasks.get(cluster.name, {}).items() if arn.endswith(f"/{id}")), None)
    if task is None:
        raise InvalidParameterException("The referenced task was not found.")
    if not is_standalone(task):
        raise NotImplementedError("the task of a service")
    stop(task, reason)
    return task
