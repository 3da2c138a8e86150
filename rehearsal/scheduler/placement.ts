/** An entry of a service's capacity provider strategy, as ECS answers it. */
export interface CapacityProvider {
  capacityProvider: string;
  /** How many tasks it gets before the weights count. */
  base?: number;
  weight?: number;
}

/**
 * Which capacity provider the next task goes to: first the base is filled, then each gets its share by weight.
 *
 * @param placed the capacity providers of the tasks that run
 */
export function place(strategy: CapacityProvider[], placed: string[]): string {
  const countOf = ({ capacityProvider }: CapacityProvider) =>
    placed.filter((name) => name === capacityProvider).length;
  const unfilled = strategy.find((provider) => countOf(provider) < (provider.base ?? 0));
  const weighted = strategy.filter(({ weight }) => (weight ?? 0) > 0);
  const share = (provider: CapacityProvider) =>
    (countOf(provider) - (provider.base ?? 0) + 1) / (provider.weight ?? 1);
  const [next] = weighted.toSorted((one, other) => share(one) - share(other));
  return (unfilled ?? next)?.capacityProvider ?? 'FARGATE';
}
