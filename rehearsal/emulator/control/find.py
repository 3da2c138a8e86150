"""Finds what a request names, in any account and region of the emulator."""

from collections.abc import Iterator
from typing import Any

from moto.ecs.models import EC2ContainerServiceBackend, Service, ecs_backends

from control.errors import BadRequest


def backend(backends: Any, arn: str) -> Any:
    """The backend of a service of moto that the account and region of an ARN belong to."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        raise BadRequest(f"{arn!r} is no ARN")
    return backends[parts[4]][parts[3]]


def services() -> Iterator[Service]:
    """Every ECS service there ever was, the deleted ones too."""
    for regions in list(ecs_backends.values()):
        for one in list(regions.values()):
            yield from list(one.services.values())


def service(arn: str) -> Service:
    """An ECS service by its ARN."""
    found: EC2ContainerServiceBackend = backend(ecs_backends, arn)
    for one in found.services.values():
        if one.arn == arn:
            return one
    raise BadRequest(f"There is no service {arn}")
