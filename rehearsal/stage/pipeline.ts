import path from 'node:path';
import { readOutputs } from '@slipway/test-helpers/github-output';
import { ROOT } from '@slipway/test-helpers/root';
import { CommandFailed } from './commands.ts';
import type { Image } from './registry.ts';
import type { Stage } from './stage.ts';

const ACTIONS = path.join(ROOT, '.github/actions');

/** What the pipeline's last step says. */
export interface Verdict {
  outcome: string;
  reason: string;
}

/** How a rehearsal waits for a rollout and asks for a release. Times are seconds since 1970. */
export interface Pipeline {
  /** @param since when the image was pushed, or asked for */
  waitForRollout(stage: Stage, image: Image, since: number): Promise<Verdict>;
  /** @returns when it was asked for */
  requestRelease(stage: Stage, image: Image): Promise<number>;
}

/** With the scripts of the actions, as GitHub runs them. They need jq. */
export const scripts: Pipeline = {
  async waitForRollout(stage, { digest }, since) {
    const { name, cluster } = stage.get('outputs').service;
    const outputs = path.join(stage.workspace.folder, `rollout-${digest.slice(-8)}-${since}.outputs`);
    try {
      await stage.commands.run('wait-for-rollout', path.join(ACTIONS, 'wait-for-rollout/wait.sh'), [], {
        env: {
          ...stage.aws.env,
          CLUSTER: cluster,
          SERVICE: name,
          DIGEST: digest,
          SINCE: String(since),
          TIMEOUT_SECONDS: '600',
          GITHUB_OUTPUT: outputs,
        },
      });
    } catch (error) {
      if (!(error instanceof CommandFailed)) {
        throw error;
      }
      const { outcome, reason } = await readOutputs(outputs);
      if (outcome === undefined || reason === undefined) {
        throw error;
      }
      return { outcome, reason };
    }
    const { outcome = '', reason = '' } = await readOutputs(outputs);
    return { outcome, reason };
  },

  async requestRelease(stage, { commit }) {
    const { name, repository } = stage.get('outputs').service;
    const outputs = path.join(stage.workspace.folder, 'request.outputs');
    await stage.commands.run('request-release', path.join(ACTIONS, 'request-release/request.sh'), [], {
      env: {
        ...stage.aws.env,
        COMMIT: commit,
        REPOSITORY: repository,
        SERVICE: name,
        GITHUB_OUTPUT: outputs,
      },
    });
    return Number((await readOutputs(outputs))['requested-at']);
  },
};

/** By what ECS shows and EventBridge takes: needs nothing but the AWS CLI. */
export const events: Pipeline = {
  waitForRollout: (stage, { commit, digest }) =>
    stage.until(`the rollout of ${commit.slice(0, 7)} ends`, 600, async () => {
      const outcomes = (await stage.outcomes()).filter((one) => one.commit === commit);
      const rolledBack = outcomes.find(({ outcome }) => outcome === 'ROLLED_BACK');
      if (rolledBack !== undefined) {
        return { outcome: 'rolled-back', reason: rolledBack.reason };
      }
      const failed = outcomes.find(({ phase }) => phase === 'release-command');
      if (failed !== undefined) {
        return { outcome: 'release-command-failed', reason: failed.reason };
      }
      const { deployments } = await stage.service();
      const primary = deployments.find(({ status }) => status === 'PRIMARY');
      if (primary?.rolloutState !== 'COMPLETED') {
        return false;
      }
      const { containerDefinitions } = await stage.taskDefinition(primary.taskDefinition);
      const runs = containerDefinitions[0]?.image.split('@')[1];
      return runs === digest && { outcome: 'completed', reason: '' };
    }),

  async requestRelease(stage, { commit }) {
    const detail = JSON.stringify({ service: stage.get('outputs').service.name, commit });
    const entry = { Source: 'slipway', DetailType: 'Release Requested', Detail: detail };
    await stage.aws.call('events', 'put-events', '--entries', JSON.stringify([entry]));
    return Date.now() / 1000;
  },
};
