/**
 * So far two clocks of AWS may be apart. ECR, EventBridge and the parts of ECS each date their own answers;
 * times of two of them say which came first only where they are further apart than this.
 */
export const SKEW_MS = 10_000;
