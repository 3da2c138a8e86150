"""
moto drops the Performance Insights and monitoring settings of a database, gives every database the same resource id,
and returns the parameters of a parameter group without saying that a user set them.

AWS returns what was set; a parameter's `Source` is `user` when a user set it.
"""

from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.models import DBInstance, DBParameterGroup

from patching import wrap

_FIELDS = {
    "enable_performance_insights": "performance_insights_enabled",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
    "database_insights_mode": "database_insights_mode",
    "monitoring_interval": "monitoring_interval",
    "monitoring_role_arn": "monitoring_role_arn",
}


def _keep(instance: DBInstance, given: dict[str, Any]) -> None:
    for name, field in _FIELDS.items():
        if given.get(name) is not None:
            setattr(instance, field, given[name])


@wrap(DBInstance, "__init__")
def init(original: Any, self: DBInstance, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self.dbi_resource_id = f"db-{mock_random.get_random_string(26).upper()}"
    _keep(self, kwargs)


@wrap(DBInstance, "update")
def update(original: Any, self: DBInstance, **kwargs: Any) -> None:
    original(self, **kwargs)
    _keep(self, kwargs)


@wrap(DBParameterGroup, "update_parameters")
def update_parameters(original: Any, self: DBParameterGroup, new_parameters: list[dict[str, Any]]) -> None:
    original(self, [{"IsModifiable": True, **parameter, "Source": "user"} for parameter in new_parameters])
