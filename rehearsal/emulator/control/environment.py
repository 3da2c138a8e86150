"""The environment of a container, with the values of its secrets: what the execution role reads for a task on AWS."""

import json
from typing import Any

from moto.secretsmanager.exceptions import SecretsManagerClientError
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from control.errors import BadRequest
from control.find import backend


def environment_of(container: dict[str, Any]) -> dict[str, Any]:
    """`{"name", "environment": {…}, "secrets": {…}}`; a secret that is missing is a BadRequest that names it."""
    return {
        "name": container["name"],
        "environment": {entry["name"]: entry["value"] for entry in container.get("environment", [])},
        "secrets": {entry["name"]: _value(entry["valueFrom"]) for entry in container.get("secrets", [])},
    }


def _value(reference: str) -> str:
    if ":ssm:" in reference:
        name = reference.split(":parameter", 1)[-1]
        parameter = backend(ssm_backends, reference).get_parameter(name)
        if parameter is None:
            raise BadRequest(f"There is no parameter {reference}")
        return parameter.value
    # arn:aws:secretsmanager:region:account:secret:name[:key[:stage[:version]]]
    parts = reference.split(":")
    arn = ":".join(parts[:7])
    key, stage, version = [*parts[7:], "", "", ""][:3]
    try:
        found = backend(secretsmanager_backends, arn).get_secret_value(arn, version, stage or "AWSCURRENT")
    except SecretsManagerClientError as error:
        raise BadRequest(f"{reference}: {error}") from None
    value = found["SecretString"]
    if not key:
        return value
    fields = json.loads(value)
    if key not in fields:
        raise BadRequest(f"The secret {arn} has no key {key}")
    return str(fields[key])
