"""
moto's Step Functions has neither ValidateStateMachineDefinition nor ListStateMachineVersions.

AWS says what is wrong with a definition, and lists the versions that were published. Terraform asks for the first at each
plan that knows a definition, and for the others at each read; here a definition is good that is JSON, and nobody publishes.
"""

import json

from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse

from patching import add


@add(StepFunctionResponse, "validate_state_machine_definition")
def validate_state_machine_definition(self: StepFunctionResponse) -> ActionResult:
    json.loads(self._get_param("definition"))
    return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})


@add(StepFunctionResponse, "list_state_machine_versions")
def list_state_machine_versions(self: StepFunctionResponse) -> ActionResult:
    return ActionResult({"stateMachineVersions": []})
