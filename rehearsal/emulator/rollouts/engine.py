"""Moves a service's deployments from state to state, and tells EventBridge."""

import threading
from typing import Any

from moto.ecs.models import Service

from bus.publish import new_event, publish
from rollouts.alarms import seconds_to_watch, settings_of, triggered
from rollouts.model import IN_FLIGHT, Deployment, History, Rollout, new_deployment, new_rollout, now

# Without a scheduler every deployment succeeds at once.
auto = {"on": False}

# Held by whoever calls what is here, reads what it changes, or answers a call of ECS: a service is seen wholly before or
# wholly after a call, never with its new task definition and its old deployments.
lock = threading.RLock()


class Refused(Exception):
    """A report that does not fit the state that the service is in."""


def history_of(service: Service) -> History:
    return service.__dict__.setdefault("history", History())


def begin(service: Service) -> None:
    """Starts a deployment of what the service's settings say; one in flight is stopped."""
    history = history_of(service)
    for rollout in history.rollouts:
        if rollout.status in IN_FLIGHT:
            rollout.end("STOPPED", "A newer service deployment replaced this one.")
    sources = list({one.revision.arn: one.revision for one in history.deployments}.values())
    deployment = new_deployment(history.current_revision(service), service.desired_count)
    history.deployments.insert(0, deployment)
    rollout = new_rollout(service, deployment, sources)
    rollout.breaker = "MONITORING" if _breaker(service).get("enable") else "DISABLED"
    # Alarms that are on already say nothing of what begins now: ECS leaves them out for this deployment.
    rollout.alarms = "MONITORING" if settings_of(service)["enable"] and not triggered(service) else "DISABLED"
    history.rollouts.append(rollout)
    show(service)
    _tell(service, deployment, "INFO", "IN_PROGRESS", deployment.reason)
    if auto["on"]:
        complete(service, deployment.id)


def bake_seconds(service: Service) -> float:
    """For how long the rollout has to be watched after its last old task has gone."""
    return seconds_to_watch(service) if history_of(service).rollouts[-1].alarms == "MONITORING" else 0


def scale(service: Service) -> None:
    """Takes over a changed desired count: the primary deployment wants more or fewer tasks, no new one begins."""
    primary = history_of(service).primary
    primary.desired = service.desired_count
    primary.updated_at = now()
    if auto["on"]:
        primary.running, primary.pending = primary.desired, 0
    else:
        primary.pending = max(0, primary.desired - primary.running)
    show(service)


def report(service: Service, id: str, running: int, pending: int, failed: int) -> None:
    """Notes how many tasks a deployment has; an old one is forgotten with its last task."""
    history = history_of(service)
    deployment = _find(history, id)
    deployment.running, deployment.pending, deployment.failed = running, pending, failed
    deployment.updated_at = now()
    if deployment is not history.primary and running == pending == 0:
        history.deployments.remove(deployment)
    show(service)


def complete(service: Service, id: str) -> None:
    """The primary deployment has all its tasks, and no other has any: it is COMPLETED."""
    history, deployment, rollout = _in_progress(service, id)
    deployment.state = "COMPLETED"
    deployment.reason = f"ECS deployment {deployment.id} completed."
    deployment.running, deployment.pending = deployment.desired, 0
    deployment.updated_at = now()
    del history.deployments[1:]
    _end_watch(rollout)
    rollout.end("ROLLBACK_SUCCESSFUL" if rollout.back_to else "SUCCESSFUL")
    _note(service, f"(service {service.name}) has reached a steady state.")
    show(service)
    _tell(service, deployment, "INFO", "COMPLETED", deployment.reason)


def fail(service: Service, id: str, reason: str) -> None:
    """The circuit breaker trips: back to the last revision that was deployed with success, where there is one."""
    history, _, rollout = _in_progress(service, id)
    breaker = _breaker(service)
    if not breaker.get("enable"):
        raise Refused(f"The service {service.name} has no circuit breaker: ECS would go on trying")
    rollout.breaker = "TRIGGERED"
    _fail(service, history, rollout, reason, bool(breaker.get("rollback")))


def heed_alarms(service: Service) -> None:
    """Rolls a rollout back when one of its alarms has gone off. A rollback is not watched."""
    history = history_of(service)
    rollout = history.rollouts[-1]
    names = triggered(service) if rollout.alarms == "MONITORING" and rollout.status == "IN_PROGRESS" else []
    if names:
        rollout.alarms, rollout.triggered = "TRIGGERED", names
        _fail(service, history, rollout, "alarm detected.", settings_of(service)["rollback"])


def _fail(service: Service, history: History, rollout: Rollout, reason: str, rolls_back: bool) -> None:
    """The primary deployment has failed; another one goes back, where there is something to go back to."""
    failed = history.primary
    failed.state = "FAILED"
    failed.reason = reason
    failed.updated_at = rollout.updated_at = now()
    _end_watch(rollout)
    _note(service, f"(service {service.name}) (deployment {failed.id}) deployment failed: {reason}")
    back_to = history.last_successful() if rolls_back and rollout.back_to is None else None
    rollback = None
    if back_to is None:
        rollout.end("ROLLBACK_FAILED" if rollout.back_to else "STOPPED", reason)
    else:
        rollback = _roll_back(service, history, rollout, failed, reason)
    show(service)
    _tell(service, failed, "ERROR", "FAILED", failed.reason)
    if rollback is not None:
        _tell(service, rollback, "INFO", "IN_PROGRESS", rollback.reason)
        if auto["on"]:
            complete(service, rollback.id)


def _end_watch(rollout: Rollout) -> None:
    """Neither breaker nor alarms look at a rollout that is over, or at a rollback."""
    if rollout.breaker == "MONITORING":
        rollout.breaker = "MONITORING_COMPLETE"
    if rollout.alarms == "MONITORING":
        rollout.alarms = "MONITORING_COMPLETE"


def _roll_back(service: Service, history: History, rollout: Rollout, failed: Deployment, reason: str) -> Deployment:
    back_to = history.last_successful()
    assert back_to is not None
    rollout.status = "ROLLBACK_IN_PROGRESS"
    rollout.reason = reason
    rollout.back_to, rollout.back_at = back_to, now()
    rollout.back_reason = f"Service deployment rolled back to {back_to.arn}: {reason}"
    kept = [one for one in history.deployments if one.revision is back_to and one is not failed]
    rollback = new_deployment(back_to, service.desired_count)
    # The tasks that still run of that revision are kept; they count for the rollback from now on.
    rollback.running = sum(one.running for one in kept)
    rollback.pending = max(0, rollback.desired - rollback.running)
    by = "ECS deployment circuit breaker: " if rollout.breaker == "TRIGGERED" else ""
    rollback.reason = f"{by}rolling back to {back_to.task_definition}."
    failed.desired = 0
    history.deployments = [rollback, *(one for one in history.deployments if one not in kept)]
    rollout.deployment = rollback
    for name, value in back_to.settings.items():
        setattr(service, name, value)
    return rollback


def show(service: Service) -> None:
    """Brings the fields that moto answers from up to date."""
    history = history_of(service)
    service.deployments = [_shown(one, one is history.primary) for one in history.deployments]
    service.running_count = sum(one.running for one in history.deployments)
    service.pending_count = sum(one.pending for one in history.deployments)


def _shown(deployment: Deployment, primary: bool) -> dict[str, Any]:
    settings = deployment.revision.settings
    return {
        "id": deployment.id,
        "status": "PRIMARY" if primary else "ACTIVE",
        "taskDefinition": deployment.revision.task_definition,
        "desiredCount": deployment.desired,
        "runningCount": deployment.running,
        "pendingCount": deployment.pending,
        "failedTasks": deployment.failed,
        "rolloutState": deployment.state,
        "rolloutStateReason": deployment.reason,
        "createdAt": deployment.created_at,
        "updatedAt": deployment.updated_at,
        "launchType": settings["launch_type"],
        "capacityProviderStrategy": settings["capacity_provider_strategy"],
        "platformVersion": settings["platform_version"],
        "platformFamily": "Linux",
        "networkConfiguration": settings["network_configuration"],
    }


def _breaker(service: Service) -> dict[str, bool]:
    return service.deployment_configuration.get("deploymentCircuitBreaker") or {}


def _find(history: History, id: str) -> Deployment:
    for deployment in history.deployments:
        if deployment.id == id:
            return deployment
    raise Refused(f"The service has no deployment {id}; it has {', '.join(one.id for one in history.deployments)}")


def _in_progress(service: Service, id: str) -> tuple[History, Deployment, Rollout]:
    history = history_of(service)
    deployment = _find(history, id)
    if deployment is not history.primary or deployment.state != "IN_PROGRESS":
        raise Refused(f"The deployment {id} is not the primary one in progress: its rollout is {deployment.state}")
    return history, deployment, history.rollouts[-1]


def _note(service: Service, message: str) -> None:
    service.events.insert(0, {"id": f"event-{len(service.events) + 1}", "createdAt": now(), "message": message})
    del service.events[100:]


def _tell(service: Service, deployment: Deployment, kind: str, name: str, reason: str) -> None:
    detail = {
        "eventType": kind,
        "eventName": f"SERVICE_DEPLOYMENT_{name}",
        "clusterArn": service.cluster_arn,
        "deploymentId": deployment.id,
        "updatedAt": f"{deployment.updated_at.isoformat(timespec='milliseconds')}Z",
        "reason": reason,
    }
    _, _, _, region, account, _ = service.arn.split(":", 5)
    publish(new_event(account, region, "aws.ecs", "ECS Deployment State Change", [service.arn], detail))
