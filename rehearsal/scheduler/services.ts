import type { CapacityProvider } from './placement.ts';
import type { HealthCheckSettings } from './health-check.ts';

/** A deployment of a service, as the emulator shows it to a scheduler. */
export interface SeenDeployment {
  id: string;
  status: 'PRIMARY' | 'ACTIVE';
  taskDefinition: string;
  desiredCount: number;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
}

/** A service, as the emulator shows it to a scheduler. */
export interface SeenService {
  arn: string;
  name: string;
  desiredCount: number;
  minimumHealthyPercent: number;
  maximumPercent: number;
  healthCheckGracePeriodSeconds: number;
  circuitBreaker: { enable: boolean; threshold: number };
  /** How long its alarms watch a rollout that is done. */
  bakeSeconds: number;
  capacityProviderStrategy: CapacityProvider[];
  deployments: SeenDeployment[];
}

/** The parts of a container definition that are simulated. */
export interface ContainerDefinition {
  name: string;
  image: string;
  command?: string[];
  healthCheck?: HealthCheckSettings;
  /** Seconds. */
  stopTimeout?: number;
  logConfiguration?: { options?: Record<string, string> };
}

/** The parts of a task definition that are simulated. */
export interface TaskDefinition {
  containerDefinitions: ContainerDefinition[];
  taskRoleArn?: string;
}
