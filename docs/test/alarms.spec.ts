import { describe, expect, it } from '@jest/globals';
import { alarmsIn } from './support/alarms.ts';

const alarm = (label: string, ...lines: string[]) =>
  [`resource "aws_cloudwatch_metric_alarm" "${label}" {`, ...lines.map((line) => `  ${line}`), '}', ''].join(
    '\n',
  );

describe('reading the alarms of a Terraform file', () => {
  it('finds names that are written out, and those of a map', () => {
    const locals =
      'locals {\n  queues = {\n    dead = {\n      limit = 1\n    }\n    lost-events = {\n    }\n  }\n}\n';
    const text = [
      locals,
      alarm('cpu', 'count = 1', 'alarm_name = "${local.prefix}-cpu"', 'threshold  = 80'),
      alarm('queue', 'for_each = local.queues', '', 'alarm_name = "${local.prefix}-${each.key}"'),
    ].join('\n');
    expect(alarmsIn(text)).toEqual(['cpu', 'dead', 'lost-events']);
  });

  it('refuses a name that it cannot read, so that none goes without a runbook', () => {
    expect(() => alarmsIn(alarm('odd', 'alarm_name = var.name'))).toThrow('"odd" cannot be read');
    expect(() =>
      alarmsIn(alarm('odd', 'for_each = var.x', 'alarm_name = "${local.prefix}-${each.key}"')),
    ).toThrow('"odd" cannot be read');
  });
});
