/** Something that happened; `at` in seconds since the timeline began. */
export interface TimelineEvent {
  at: number;
  kind: 'step' | 'task' | 'failure';
  text: string;
}

/** How many of each there were in one second. */
export interface Second {
  at: number;
  counts: Record<string, number>;
}

/** What is drawn: everything by seconds since the load began. */
export interface TimelineData {
  /** Answers by commit, or by route where the answer does not name one; failures as `failed`. */
  answers: Second[];
  /** Tasks by state. */
  tasks: Second[];
  events: TimelineEvent[];
}

/** Records what happens, for the report. */
export class Timeline {
  private readonly startedAt = performance.now();
  private readonly answers: Second[] = [];
  private readonly tasks: Second[] = [];
  private readonly events: TimelineEvent[] = [];

  tell(kind: TimelineEvent['kind'], text: string): void {
    this.events.push({ at: this.now, kind, text });
  }

  answered(label: string): void {
    add(this.answers, this.now, label);
  }

  failed(reason: string): void {
    add(this.answers, this.now, 'failed');
    this.tell('failure', reason);
  }

  /** Notes how many tasks there are in each state. */
  sample(states: string[]): void {
    const at = Math.floor(this.now);
    if (this.tasks.at(-1)?.at !== at) {
      this.tasks.push({ at, counts: {} });
      states.forEach((state) => add(this.tasks, at, state));
    }
  }

  get data(): TimelineData {
    return { answers: this.answers, tasks: this.tasks, events: this.events };
  }

  private get now(): number {
    return (performance.now() - this.startedAt) / 1000;
  }
}

function add(seconds: Second[], now: number, label: string): void {
  const at = Math.floor(now);
  let last = seconds.at(-1);
  if (last?.at !== at) {
    last = { at, counts: {} };
    seconds.push(last);
  }
  last.counts[label] = (last.counts[label] ?? 0) + 1;
}
