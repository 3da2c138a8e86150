"""Sets and rotates secrets: `secrets/set`, `secrets/rotate`."""

import json
import uuid
from typing import Any

from moto.secretsmanager.models import secretsmanager_backends

from bus.publish import new_event, now, publish
from control.errors import BadRequest, text
from control.find import backend
from patches.rds_managed_secret import new_password


def _put(body: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Changes the keys that `value` names, all others stay; returns the ARN and the whole new value."""
    arn = text(body, "secret")
    secrets = backend(secretsmanager_backends, arn)
    if arn not in secrets.secrets:
        raise BadRequest(f"There is no secret {arn}")
    given = body.get("value", {})
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise BadRequest('`value` has to be an object of strings, such as {"username": …, "password": …}')
    value = {**json.loads(secrets.get_secret_value(arn, "", "AWSCURRENT")["SecretString"]), **given}
    secrets.put_secret_value(arn, json.dumps(value), None, str(uuid.uuid4()), ["AWSCURRENT"])
    return arn, value


def _set(body: dict[str, Any]) -> dict[str, Any]:
    arn, value = _put(body)
    return {"secret": arn, "keys": sorted(value)}


def _rotate(body: dict[str, Any]) -> dict[str, Any]:
    arn, value = _put({**body, "value": {"password": new_password(), **body.get("value", {})}})
    _, _, _, region, account, _ = arn.split(":", 5)
    detail = {
        "eventVersion": "1.08",
        "userIdentity": {"accountId": account, "invokedBy": "secretsmanager.amazonaws.com"},
        "eventTime": now(),
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": "RotationSucceeded",
        "awsRegion": region,
        "sourceIPAddress": "secretsmanager.amazonaws.com",
        "userAgent": "secretsmanager.amazonaws.com",
        "requestParameters": None,
        "responseElements": None,
        "additionalEventData": {"SecretId": arn},
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "recipientAccountId": account,
        "eventCategory": "Management",
    }
    publish(new_event(account, region, "aws.secretsmanager", "AWS Service Event via CloudTrail", [], detail))
    return {"secret": arn, "keys": sorted(value)}


ROUTES = {("POST", "secrets/set"): _set, ("POST", "secrets/rotate"): _rotate}
