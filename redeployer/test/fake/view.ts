/**
 * What one run was told last about a service, and whether that contradicts itself. Whatever the redeployer
 * makes of its view, it must not write on one in which the service stands on a release beyond the newest,
 * or on another than the deployment that is in flight or completed last.
 */
export class View {
  /** The number of the newest release; 0 without one. */
  newest = 0;
  /** The task definition that the service stands on. */
  service = '';
  /** Whether it was deregistered: its family then no longer finds it. */
  deregistered = false;
  /** The last deployment listed since the service was looked at. */
  last: { status: string; target: string } | undefined;
  /** Writes that were made on a contradictory view. */
  readonly broken: string[] = [];

  beforeWrite(operation: string): void {
    const number = Number(/:task-definition\/(?!.*-template:).*:(\d+)$/.exec(this.service)?.[1] ?? 0);
    if (number > this.newest && !this.deregistered) {
      this.broken.push(`${operation} with the service on release ${number} and ${this.newest} the newest`);
    }
    const { last, service } = this;
    if (last && /^(PENDING|IN_PROGRESS|SUCCESSFUL)$/.test(last.status) && last.target !== service) {
      this.broken.push(`${operation} with ${last.target} ${last.status} and the service on ${service}`);
    }
  }
}
