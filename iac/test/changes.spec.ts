import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { changes, settingsOf, walk } from '@slipway/test-helpers/terraform/changes';
import { IAC, LAYERS } from '@slipway/test-helpers/terraform/layers';

/** What the plans make of each row is held to them where environments are applied: rehearsal/test/applied. */
describe('the tables of changes in iac/README.md', () => {
  test('name every setting of the layers', () => {
    const settings = (['common', ...LAYERS] as const).flatMap(settingsOf);
    const named = [
      ...changes().flatMap((row) => row.settings.map(({ name }) => name)),
      ...walk().map(({ setting }) => setting),
    ];
    const isNamed = (one: string) => named.some((other) => one === other || one.startsWith(`${other}.`));
    const isSetting = (one: string) => settings.some((other) => one === other || other.startsWith(`${one}.`));

    expect(settings.filter((one) => !isNamed(one))).toEqual([]);
    expect(named.filter((one) => !isSetting(one))).toEqual([]);
    expect(settings.length).toBeGreaterThan(50);
  });

  test('use no words but those that they explain', () => {
    const words = /^(in place|added or removed|new release|refused|made again: aws_\w+(, aws_\w+)*)$/;

    expect(changes().filter(({ effect }) => !words.test(effect))).toEqual([]);
  });

  test('replace neither the service nor the database, nor what holds data', () => {
    const replaced = changes()
      .map(({ effect }) => effect)
      .join();

    expect(replaced).not.toMatch(
      /aws_(ecs_service|ecs_cluster|db_instance|ecr_repository|s3_bucket|kms_key|lb\b)/,
    );
  });

  test('go a way that ends where it began', () => {
    const last = new Map(walk().map(({ setting, value }) => [setting, value]));

    expect([last.get('exposure'), last.get('domain'), last.get('egress')]).toEqual([
      'public_ip',
      null,
      'none',
    ]);
  });
});

describe('the runbooks', () => {
  const folder = path.join(IAC, '../docs/runbooks');
  const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const advised = texts.flatMap((text) => [...text.matchAll(/`([a-z_]+\.[a-z_]+)(?: =[^`]*)?`/g)]);

  test('advise no setting that was not planned', () => {
    const variables = new Set(LAYERS.flatMap(settingsOf).map((one) => one.split('.')[0]));
    const settings = advised.map((one) => one[1] ?? '').filter((one) => variables.has(one.split('.')[0]));
    const planned = new Set(changes().flatMap((row) => row.settings.map(({ name }) => name)));

    expect(settings.filter((one) => !planned.has(one))).toEqual([]);
    expect(settings.length).toBeGreaterThan(8);
  });

  test('advise no command that changes what Terraform owns', () => {
    const changing =
      /aws (rds|ecs|elbv2|ec2|lambda|ecr|wafv2|application-autoscaling) (modify|update|create|delete|put|register|set)-[a-z-]+ /g;

    expect(texts.flatMap((text) => text.match(changing) ?? [])).toEqual([]);
  });
});
