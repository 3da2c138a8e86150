"""
moto keeps the subscribers of a budget's notifications but has no call that reads them.

AWS lists them with DescribeSubscribersForNotification.
"""

import json

from moto.budgets.exceptions import NotFoundException
from moto.budgets.responses import BudgetsResponse
from patching import add


@add(BudgetsResponse, "describe_subscribers_for_notification")
def describe_subscribers_for_notification(self: BudgetsResponse) -> str:
    wanted = self._get_param("Notification")
    budget = self.backend.budgets[self._get_param("AccountId")].get(self._get_param("BudgetName"))
    # The threshold's type is optional, and AWS compares thresholds as numbers.
    keys = ("NotificationType", "ComparisonOperator", "Threshold")
    for notification in budget.notifications if budget else []:
        if all(notification.details[key] == wanted[key] for key in keys):
            return json.dumps({"Subscribers": notification.subscribers})
    raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")
