import { isAllowed, type Statement } from './authorisation.ts';
import { requestsOf, type Call, type Surroundings } from './requests.ts';

/** What IAM would refuse of these calls with these statements: the action, and the resource that it was asked for on. */
export async function refusedBy(
  statements: Statement[],
  calls: Call[],
  surroundings: Surroundings,
): Promise<string[]> {
  const requests = (await Promise.all(calls.map((call) => requestsOf(call, surroundings)))).flat();
  const refused = requests.filter(
    ({ alternatives = [], ...request }) =>
      ![request.resource, ...alternatives].some((resource) =>
        isAllowed({ ...request, resource }, statements),
      ),
  );
  return [...new Set(refused.map(({ action, resource }) => `${action} on ${resource}`))].toSorted();
}
