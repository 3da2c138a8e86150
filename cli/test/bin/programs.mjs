#!/usr/bin/env node
/**
 * `aws`, `gh` and `slipway` by the name that it is called by, as far as the commands go that doctor prints: each changes what
 * doctor is answered next, in the file WORLD. What it does not know fails.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const names =
  'region name service-code quota-code desired-value source-arn method input raw-field architecture environment';
const strings = Object.fromEntries(
  names.split(' ').map((name) => [name, { type: /** @type {const} */ ('string') }]),
);
const { values: given, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: { ...strings, yes: { type: 'boolean' } },
  allowPositionals: true,
});
const option = /** @type {Record<string, string | undefined>} */ (given);
const file = process.env['WORLD'] ?? '';
const world = JSON.parse(readFileSync(file, 'utf8'));

/** @param {boolean} holds */
const assert = (holds) => {
  if (!holds) throw new Error(`${process.argv.slice(2).join(' ')} is for nothing that is there`);
};
const address = (positionals[1] ?? '').replace('repos/acme/ledger/', '');

/** @type {Record<string, () => void>} */
const commands = {
  'aws s3 rm': () => {
    const list = world['s3api list-objects-v2'];
    const kept = list.Contents.filter(
      (/** @type {{ Key: string }} */ { Key }) => positionals[2] !== `s3://state/${Key}`,
    );
    assert(kept.length < list.Contents.length);
    list.Contents = kept;
  },
  'aws cloudtrail start-logging': () => {
    const [{ TrailARN, HomeRegion }] = world['cloudtrail describe-trails'].trailList;
    assert(option['name'] === TrailARN && option['region'] === HomeRegion);
    world['cloudtrail get-trail-status'].IsLogging = true;
  },
  'aws service-quotas request-service-quota-increase': () => {
    const { Quota } = world[`service-quotas get-service-quota ${option['quota-code']}`];
    assert(Number(option['desired-value']) > Quota.Value);
    Quota.Value = Number(option['desired-value']);
  },
  'aws sqs start-message-move-task': () => {
    const { Attributes } = world['sqs get-queue-attributes'];
    assert(option['source-arn'] === Attributes.QueueArn);
    Attributes.ApproximateNumberOfMessages = '0';
  },
  'gh api PUT': () => {
    const { reviewers, prevent_self_review, deployment_branch_policy } = JSON.parse(readFileSync(0, 'utf8'));
    const review = reviewers?.map((/** @type {{ type: string, id: number }} */ { type, id }) => ({
      type,
      reviewer: { id },
    }));
    world[address] = {
      protection_rules: review
        ? [{ type: 'required_reviewers', prevent_self_review, reviewers: review }]
        : [],
      deployment_branch_policy,
    };
  },
  'gh api POST': () => {
    world[address].branch_policies.push({ name: option['raw-field']?.replace(/^name=/, '') });
  },
  'slipway init live': () => {
    world.architecture = option['architecture'];
  },
  'slipway apply application': () => assert(option['environment'] === 'live'),
};
const program = path.basename(process.argv[1] ?? '');
const words = program === 'gh' ? ['api', option['method']] : positionals.slice(0, 2);
const command = commands[[program, ...words].join(' ')];
if (!command) throw new Error(`${program} ${words.join(' ')} is not known here`);
command();
writeFileSync(file, JSON.stringify(world));
