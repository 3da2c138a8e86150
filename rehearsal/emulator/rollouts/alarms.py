"""The alarms that watch a service's rollouts (`deploymentConfiguration.alarms`)."""

from typing import Any

from moto.cloudwatch.models import Alarm
from moto.ecs.models import Service

from metrics.alarm import find, is_alarming, seconds_to_judge


def settings_of(service: Service) -> dict[str, Any]:
    """With `enable`, `rollback` and `alarmNames`."""
    return service.deployment_configuration.get("alarms") or {"enable": False, "rollback": False, "alarmNames": []}


def triggered(service: Service) -> list[str]:
    """Names of those in the state ALARM."""
    _, _, _, region, account, _ = service.arn.split(":", 5)
    return [alarm.name for alarm in _alarms(service) if is_alarming(account, region, alarm)]


def seconds_to_watch(service: Service) -> float:
    """How long the slowest takes to judge. ECS watches on for a time that it works out from the alarms, and says not how."""
    return max((seconds_to_judge(alarm) for alarm in _alarms(service)), default=0)


def _alarms(service: Service) -> list[Alarm]:
    settings = settings_of(service)
    _, _, _, region, account, _ = service.arn.split(":", 5)
    found = [find(account, region, name) for name in settings["alarmNames"]] if settings["enable"] else []
    return [alarm for alarm in found if alarm]
