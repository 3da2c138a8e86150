/**
 * The clocks whose times the redeployer sees: of ECR, of EventBridge, and of four parts of ECS. Each may be
 * seconds off the others.
 */
export const CLOCKS = ['images', 'events', 'definitions', 'deployments', 'service', 'tasks'] as const;

export type Clock = (typeof CLOCKS)[number];
