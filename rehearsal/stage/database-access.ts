import { TaskRoles } from '../emulator/rds/task-roles.ts';
import type { Aws } from './aws.ts';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
}

/** Which roles of tasks sign in to which database as whom: `rds-db:connect` in their inline policies. */
export class DatabaseAccess {
  private readonly granted = new Map<string, string[]>();

  private constructor(
    /** Where tasks get the credentials of their role. */
    readonly roles: TaskRoles,
    private readonly region: string,
  ) {}

  static async open(region: string): Promise<DatabaseAccess> {
    return new DatabaseAccess(await TaskRoles.start(), region);
  }

  /** Reads the policies of a role. @param role its ARN */
  async learn(aws: Aws, role: string): Promise<void> {
    const name = ['--role-name', role.slice(role.lastIndexOf('/') + 1)];
    const { PolicyNames } = await aws.call<{ PolicyNames: string[] }>('iam', 'list-role-policies', ...name);
    const policies = await Promise.all(
      PolicyNames.map((policy) =>
        aws.call<{ PolicyDocument: { Statement: Statement[] } }>(
          'iam',
          'get-role-policy',
          ...name,
          '--policy-name',
          policy,
        ),
      ),
    );
    const allowed = policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('rds-db:connect'));
    this.granted.set(
      role,
      allowed.flatMap(({ Resource }) => Resource),
    );
  }

  /** Who is let in to a database by a token. @param database `arn:aws:rds-db:…:dbuser:db-…` */
  to(database: string) {
    const mayConnect = (role: string, user: string) =>
      this.granted.get(role)?.includes(`${database}/${user}`) ?? false;
    return { region: this.region, roles: this.roles, mayConnect };
  }

  /** What ECS adds to the environment of a task. @param role its ARN */
  variablesOf(role: string | undefined): Record<string, string> {
    return { AWS_REGION: this.region, ...(role === undefined ? {} : this.roles.variables(role)) };
  }

  stop(): void {
    this.roles.stop();
  }
}
