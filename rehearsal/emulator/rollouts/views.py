"""Service deployments and revisions in the shapes of the ECS API."""

from typing import Any

from moto.core.utils import underscores_to_camelcase
from moto.ecr.models import ecr_backends
from moto.ecs.models import Service

from rollouts.alarms import settings_of
from rollouts.model import Revision, Rollout


def brief(service: Service, rollout: Rollout) -> dict[str, Any]:
    """An entry of ListServiceDeployments."""
    return {
        "serviceDeploymentArn": rollout.arn,
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "createdAt": rollout.created_at,
        "startedAt": rollout.created_at,
        "finishedAt": rollout.finished_at,
        "targetServiceRevisionArn": rollout.target.arn,
        "status": rollout.status,
        "statusReason": rollout.reason,
    }


def full(service: Service, rollout: Rollout) -> dict[str, Any]:
    """An entry of DescribeServiceDeployments."""
    listed = brief(service, rollout)
    del listed["targetServiceRevisionArn"]
    deployment = rollout.deployment
    target = {
        "arn": rollout.target.arn,
        "requestedTaskCount": deployment.desired if rollout.back_to is None else 0,
        "runningTaskCount": deployment.running if rollout.back_to is None else 0,
        "pendingTaskCount": deployment.pending if rollout.back_to is None else 0,
    }
    rollback = None
    if rollout.back_to is not None:
        rollback = {
            "reason": rollout.back_reason,
            "startedAt": rollout.back_at,
            "serviceRevisionArn": rollout.back_to.arn,
        }
    return {
        **listed,
        "updatedAt": rollout.updated_at,
        "targetServiceRevision": target,
        "sourceServiceRevisions": [{"arn": source.arn} for source in rollout.sources],
        "deploymentConfiguration": service.deployment_configuration,
        "rollback": rollback,
        "deploymentCircuitBreaker": {
            "status": rollout.breaker,
            "failureCount": deployment.failed,
            "threshold": failure_threshold(deployment.desired),
        },
        "alarms": {
            "status": rollout.alarms,
            "alarmNames": settings_of(service)["alarmNames"],
            "triggeredAlarmNames": rollout.triggered,
        },
    }


def failure_threshold(desired: int) -> int:
    """How many failed tasks trip ECS's circuit breaker: half of those desired, at least 3 and at most 200."""
    return min(200, max(3, -(-desired // 2)))


def revision(service: Service, one: Revision) -> dict[str, Any]:
    """An entry of DescribeServiceRevisions."""
    settings = {underscores_to_camelcase(name): value for name, value in one.settings.items()}
    return {
        "serviceRevisionArn": one.arn,
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "createdAt": one.created_at,
        **{name: value for name, value in settings.items() if value},
        "containerImages": _images(service, one.task_definition),
    }


def _images(service: Service, task_definition: str) -> list[dict[str, str]]:
    """The image of each container, with the digest that it has by its name or by its tag in ECR."""
    images = []
    for container in service._backend.describe_task_definition(task_definition).container_definitions:
        image = container["image"]
        digest = image.partition("@")[2] or _digest_of_tag(service, image)
        resolved = {"imageDigest": digest} if digest else {}
        images.append({"containerName": container["name"], "image": image, **resolved})
    return images


def _digest_of_tag(service: Service, image: str) -> str | None:
    registry, _, rest = image.partition("/")
    repository, _, tag = rest.rpartition(":")
    account, *_ = registry.split(".")
    if not registry.endswith(".amazonaws.com") or not repository:
        return None
    found = ecr_backends[account][service.region_name].repositories.get(repository)
    return next((one.get_image_digest() for one in found.images if tag in one.image_tags), None) if found else None
