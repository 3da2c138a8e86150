"""
moto returns the description of a security group rule only for address ranges; of a prefix list or group it loses it.

AWS returns it for every kind of rule, and changes it with ModifySecurityGroupRules.
"""

import inspect
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule

from patching import wrap

_of_addresses = SecurityGroupRule.description
_signature = inspect.signature(SecurityGroupRule.__init__)


def _description(self: SecurityGroupRule) -> str | None:
    return self.own_description or _of_addresses.fget(self)


SecurityGroupRule.description = property(_description)


@wrap(SecurityGroupRule, "__init__")
def init(original: Any, self: SecurityGroupRule, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    given = _signature.bind(self, *args, **kwargs).arguments
    other_side = given.get("prefix_list_id") or given.get("source_group") or {}
    self.own_description = other_side.get("Description")


@wrap(SecurityGroupBackend, "modify_security_group_rules")
def modify_security_group_rules(original: Any, self: Any, group_id: str, rules: dict[str, Any]) -> None:
    original(self, group_id, rules)
    group = self.get_security_group_by_name_or_id(group_id)
    for rule_id, changed in rules.items():
        if changed.get("Description") is not None:
            group.get_rule(rule_id).own_description = changed["Description"]
