"""What a scheduler reads and reports: `services`, `deployments/…`, `tasks`, `standalone-tasks`, `task-environment`."""

from collections.abc import Callable
from typing import Any

from moto.ecs.exceptions import TaskDefinitionNotFoundException
from moto.ecs.models import Service, TaskDefinition, ecs_backends

from control.environment import environment_of
from control.errors import BadRequest, count, text
from control.find import backend, service, services
from rollouts.engine import Refused, bake_seconds, complete, fail, heed_alarms, history_of, lock, report
from rollouts.views import failure_threshold
from tasks import standalone
from tasks.of_service import ServiceTask, replace_tasks


def _services(_query: dict[str, Any]) -> dict[str, Any]:
    return {"services": [_shown(one) for one in services() if one.status == "ACTIVE" or one.running_count > 0]}


def _shown(one: Service) -> dict[str, Any]:
    breaker = one.deployment_configuration.get("deploymentCircuitBreaker") or {}
    return {
        "arn": one.arn,
        "name": one.name,
        "cluster": one.cluster_arn,
        "status": one.status,
        "desiredCount": one.desired_count if one.status == "ACTIVE" else 0,
        "minimumHealthyPercent": one.deployment_configuration["minimumHealthyPercent"],
        "maximumPercent": one.deployment_configuration["maximumPercent"],
        "healthCheckGracePeriodSeconds": one.health_check_grace_period_seconds or 0,
        "circuitBreaker": {
            "enable": bool(breaker.get("enable")),
            "rollback": bool(breaker.get("rollback")),
            "threshold": failure_threshold(one.desired_count),
        },
        "bakeSeconds": bake_seconds(one),
        "loadBalancers": one.load_balancers,
        "capacityProviderStrategy": one.capacity_provider_strategy or [],
        "deployments": [
            {
                **{name: entry[name] for name in ("id", "status", "taskDefinition", "desiredCount", "rolloutState")},
                **{name: entry[name] for name in ("runningCount", "pendingCount", "failedTasks")},
                "createdAt": f"{entry['createdAt'].isoformat(timespec='milliseconds')}Z",
            }
            for entry in one.deployments
        ],
    }


def _report(body: dict[str, Any]) -> dict[str, Any]:
    one = service(text(body, "service"))
    report(
        one,
        text(body, "deployment"),
        count(body, "running"),
        count(body, "pending", 0),
        count(body, "failed", 0),
    )
    heed_alarms(one)
    return _shown(one)


def _complete(body: dict[str, Any]) -> dict[str, Any]:
    one = service(text(body, "service"))
    complete(one, text(body, "deployment"))
    return _shown(one)


def _fail(body: dict[str, Any]) -> dict[str, Any]:
    one = service(text(body, "service"))
    fail(one, text(body, "deployment"), text(body, "reason"))
    return _shown(one)


def _tasks(body: dict[str, Any]) -> dict[str, Any]:
    one = service(text(body, "service"))
    tasks = body.get("tasks")
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise BadRequest("`tasks` is required, a list of objects")
    deployments = {entry.id: entry for rollout in history_of(one).rollouts for entry in [rollout.deployment]}
    deployments.update({entry.id: entry for entry in history_of(one).deployments})
    made = []
    for task in tasks:
        deployment = deployments.get(text(task, "deployment"))
        if deployment is None:
            raise BadRequest(f"The service has no deployment {task['deployment']}")
        status = text(task, "status")
        made.append(ServiceTask(one, text(task, "id"), deployment, status, task.get("reason"), task.get("exitCode")))
    replace_tasks(one, made)
    return {"tasks": [task.task_arn for task in made]}


def _standalone(_query: dict[str, Any]) -> dict[str, Any]:
    return {
        "tasks": [
            {
                "arn": task.task_arn,
                "taskDefinition": task.task_definition_arn,
                "lastStatus": task.last_status,
                "desiredStatus": task.desired_status,
            }
            for task in standalone.at_work()
        ]
    }


def _report_standalone(body: dict[str, Any]) -> dict[str, Any]:
    arn = text(body, "task")
    task = next((one for one in standalone.at_work() if one.task_arn == arn), None)
    if task is None:
        raise Refused(f"No task {arn} is at work")
    exit_code = count(body, "exitCode") if "exitCode" in body else None
    standalone.report(task, text(body, "status"), exit_code, body.get("reason"))
    return {}


def _environment(body: dict[str, Any]) -> dict[str, Any]:
    arn = text(body, "taskDefinition")
    try:
        definition: TaskDefinition = backend(ecs_backends, arn).describe_task_definition(arn)
    except TaskDefinitionNotFoundException:
        raise BadRequest(f"There is no task definition {arn}") from None
    return {"containers": [environment_of(container) for container in definition.container_definitions]}


def _alone(handler: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def handle(request: dict[str, Any]) -> Any:
        with lock:
            return handler(request)

    return handle


_HANDLERS = {
    ("GET", "services"): _services,
    ("POST", "deployments/report"): _report,
    ("POST", "deployments/complete"): _complete,
    ("POST", "deployments/fail"): _fail,
    ("POST", "tasks"): _tasks,
    ("GET", "standalone-tasks"): _standalone,
    ("POST", "standalone-tasks/report"): _report_standalone,
    ("POST", "task-environment"): _environment,
}
ROUTES = {route: _alone(handler) for route, handler in _HANDLERS.items()}
