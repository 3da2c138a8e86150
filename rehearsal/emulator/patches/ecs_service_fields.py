"""
moto drops most settings of an ECS service at its creation, so that a second plan of Terraform wants to replace it.

AWS returns them, with its defaults for those that were left out, and takes a launch type only where there is no
capacity provider strategy. It refuses to create a service twice.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse

from patching import wrap

_BREAKER = {"enable": False, "rollback": False}
# The names of the parameters, of the fields that moto reads them from, and the defaults of AWS.
_FIELDS = (
    ("capacityProviderStrategy", "capacity_provider_strategy", None),
    ("healthCheckGracePeriodSeconds", "health_check_grace_period_seconds", 0),
    ("enableExecuteCommand", "enable_execute_command", False),
    ("enableECSManagedTags", "enable_ecs_managed_tags", False),
    ("availabilityZoneRebalancing", "availability_zone_rebalancing", "DISABLED"),
    ("placementConstraints", "placement_constraints", []),
    ("placementStrategy", "placement_strategy", []),
)


def _configuration(given: dict[str, Any] | None) -> dict[str, Any]:
    configuration = {"maximumPercent": 200, "minimumHealthyPercent": 100, **(given or {})}
    return {
        **configuration,
        "deploymentCircuitBreaker": configuration.get("deploymentCircuitBreaker") or _BREAKER,
    }


@wrap(EC2ContainerServiceResponse, "create_service")
def create_service(original: Any, self: EC2ContainerServiceResponse) -> ActionResult:
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
    existing = self.ecs_backend.services.get(f"{cluster.name}:{self._get_param('serviceName')}")
    if existing and existing.status == "ACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")
    answer = original(self)
    service = answer.result["service"]
    for name, field, default in _FIELDS:
        value = self._get_param(name)
        setattr(service, field, default if value is None else value)
    if not service.capacity_provider_strategy and not self._get_param("launchType"):
        service.capacity_provider_strategy = cluster.default_capacity_provider_strategy
    if service.capacity_provider_strategy:
        service.launch_type = None
    service.deployment_configuration = _configuration(self._get_param("deploymentConfiguration"))
    return answer


@wrap(EC2ContainerServiceBackend, "update_service")
def update_service(original: Any, self: EC2ContainerServiceBackend, properties: dict[str, Any]) -> Service:
    if properties.get("deployment_configuration"):
        properties["deployment_configuration"] = _configuration(properties["deployment_configuration"])
    return original(self, properties)
