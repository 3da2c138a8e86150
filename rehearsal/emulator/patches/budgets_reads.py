"""
moto keeps the subscribers of a budget's notifications and its tags but has no calls that read them, and cannot change
a budget.

AWS lists them with DescribeSubscribersForNotification and ListTagsForResource; UpdateBudget replaces a budget.
"""

import json
from typing import Any

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget
from moto.budgets.responses import BudgetsResponse

from patching import add, wrap


def _budget(self: BudgetsResponse, name: str) -> Budget:
    for account in self.backend.budgets.values():
        if name in account:
            return account[name]
    raise NotFoundException(f"Unable to get budget: {name} - the budget doesn't exist.")


def _tags(self: BudgetsResponse) -> dict[str, str]:
    name = self._get_param("ResourceARN").split(":budget/")[-1]
    return _budget(self, name).__dict__.setdefault("tags", {})


def _pairs(tags: list[dict[str, str]] | None) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags or []}


@wrap(BudgetsResponse, "create_budget")
def create_budget(original: Any, self: BudgetsResponse) -> str:
    answer = original(self)
    _budget(self, self._get_param("Budget")["BudgetName"]).tags = _pairs(self._get_param("ResourceTags"))
    return answer


@add(BudgetsResponse, "update_budget")
def update_budget(self: BudgetsResponse) -> str:
    given = self._get_param("NewBudget")
    budget = _budget(self, given["BudgetName"])
    budget.budget = Budget({**given, "TimePeriod": given.get("TimePeriod") or budget.budget["TimePeriod"]}, []).budget
    return "{}"


@add(BudgetsResponse, "describe_subscribers_for_notification")
def describe_subscribers_for_notification(self: BudgetsResponse) -> str:
    wanted = self._get_param("Notification")
    # The threshold's type is optional, and AWS compares thresholds as numbers.
    keys = ("NotificationType", "ComparisonOperator", "Threshold")
    for notification in _budget(self, self._get_param("BudgetName")).notifications:
        if all(notification.details[key] == wanted[key] for key in keys):
            return json.dumps({"Subscribers": notification.subscribers})
    raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")


@add(BudgetsResponse, "list_tags_for_resource")
def list_tags_for_resource(self: BudgetsResponse) -> str:
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in _tags(self).items()]})


@add(BudgetsResponse, "tag_resource")
def tag_resource(self: BudgetsResponse) -> str:
    _tags(self).update(_pairs(self._get_param("ResourceTags")))
    return "{}"


@add(BudgetsResponse, "untag_resource")
def untag_resource(self: BudgetsResponse) -> str:
    for key in self._get_param("ResourceTagKeys"):
        _tags(self).pop(key, None)
    return "{}"
