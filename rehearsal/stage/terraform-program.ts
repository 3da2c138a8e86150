import type { Program } from '@slipway/test-helpers/terraform/provider-source';

/** What carries the layers out, as the action's script has it: what `SLIPWAY_TERRAFORM` says, else Terraform. */
export function terraformProgram(): Program {
  return process.env['SLIPWAY_TERRAFORM'] === 'tofu' ? 'tofu' : 'terraform';
}
