import { expect } from '@jest/globals';
import { batches } from './support/changes.ts';
import { describeApplied, type Planned } from './support/describe-applied.ts';
import { valuesOf } from './support/plan.ts';

// iac/README.md, "Destroying": protection is lifted first.
describeApplied('production', expectEdge, {
  batches: batches(),
  isRestored: true,
  lifted: {
    application: ['-var=is_protected=false'],
    databases: [
      '-var=postgres={instance_class="db.t4g.medium",storage_gb=50,max_storage_gb=500,multi_az=true,max_connections=300,is_protected=false}',
    ],
  },
});

/** No task has a public address, and the load balancer is closed but for CloudFront. */
function expectEdge({ connectivity, security, application }: Planned): void {
  expect(valuesOf(application, 'aws_ecs_service')[0]?.['network_configuration']).toEqual([
    expect.objectContaining({ assign_public_ip: false }),
  ]);
  expect(valuesOf(connectivity, 'aws_nat_gateway')).toEqual([]);
  expect(valuesOf(connectivity, 'aws_vpc_endpoint')).toHaveLength(5);
  const into = valuesOf(security, 'aws_vpc_security_group_ingress_rule');
  expect(into.filter((rule) => rule['cidr_ipv4'])).toEqual([]);
  expect(into.filter((rule) => rule['prefix_list_id']).map((rule) => rule['from_port'])).toEqual([80, 443]);
  expect(valuesOf(application, 'aws_lb_listener')[0]?.['default_action']).toEqual([
    expect.objectContaining({ type: 'fixed-response' }),
  ]);
  expect(valuesOf(application, 'aws_cloudfront_distribution')).toHaveLength(1);
  expect(valuesOf(security, 'aws_wafv2_web_acl')).toHaveLength(1);
}
