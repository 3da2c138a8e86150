import type { CapacityProvider } from './placement.ts';
import type { HealthCheckSettings } from './health-check.ts';

/** A deployment of a service, as the emulator shows it to a scheduler. */
export interface SeenDeployment {
  id: string;
  status: 'PRIMARY' | 'ACTIVE';
  taskDefinition: string;
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
  capacityProviderStrategy: CapacityProvider[];
  deployments: SeenDeployment[];
}

/** The parts of a task definition that are simulated. */
export interface TaskDefinition {
  containerDefinitions: {
    name: string;
    image: string;
    healthCheck?: HealthCheckSettings;
    /** Seconds. */
    stopTimeout?: number;
  }[];
}
