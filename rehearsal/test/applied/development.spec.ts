import { expect } from '@jest/globals';
import { walk, type Step } from '@slipway/test-helpers/terraform/changes';
import { batches } from './support/changes.ts';
import { describeApplied, type Planned } from './support/describe-applied.ts';
import { valuesOf } from './support/plan.ts';

describeApplied('development', expectPublicIp, {
  // What the exposure makes another one: production plans all.
  batches: batches().filter(({ layer, effect }) => layer === 'application' && effect !== 'refused'),
  // As shipped, development declines its last snapshot.
  lifted: {
    databases: [
      '-var=postgres={instance_class="db.t4g.micro",storage_gb=20,max_storage_gb=50,backup_days=1,is_protected=false}',
    ],
  },
  steps: steps(),
});

/** The way there in each run, to a domain before CloudFront; and the way back too before a version: nightly.yml. */
function steps(): Step[] {
  const all = walk();
  const back = all.findIndex(({ setting, value }) => setting === 'domain' && value === null);
  return process.env['WALK'] === 'whole' ? all : all.slice(0, back);
}

function expectPublicIp({ connectivity, security, application }: Planned): void {
  // Tasks with a public address, and nothing in front of them.
  expect(valuesOf(application, 'aws_lb')).toEqual([]);
  expect(valuesOf(application, 'aws_cloudfront_distribution')).toEqual([]);
  expect(valuesOf(connectivity, 'aws_nat_gateway')).toEqual([]);
  expect(valuesOf(application, 'aws_ecs_service')[0]?.['network_configuration']).toEqual([
    expect.objectContaining({ assign_public_ip: true }),
  ]);
  const open = valuesOf(security, 'aws_vpc_security_group_ingress_rule').map(
    (rule) => rule['cidr_ipv4'] ?? null,
  );
  expect(new Set(open)).toEqual(new Set(['198.51.100.0/24', null]));
}
