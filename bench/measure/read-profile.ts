/** What V8 writes with `--cpu-prof`, as far as it is read here. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  /** Microseconds from one sample to the next. */
  timeDeltas: number[];
}

/** A share of the busy time, in percent. */
export interface Share {
  where: string;
  percent: number;
}

/** The functions that loading the program consists of: what happens beneath them is not the hot path. */
const LOADING = /^(evaluate|importSyncForRequire|compileForInternalLoader|loadAndTranslate|link|syncLink)$/;

/** Sums the samples by package and by function. */
export function readProfile({ nodes, samples, timeDeltas }: CpuProfile): {
  groups: Share[];
  functions: Share[];
} {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const isLoading = (id: number | undefined): boolean =>
    id !== undefined &&
    (LOADING.test(byId.get(id)?.callFrame.functionName ?? '') || isLoading(parents.get(id)));

  const groups = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, index) => {
    const frame = byId.get(id)?.callFrame;
    if (frame === undefined || frame.functionName === '(idle)' || isLoading(id)) {
      return;
    }
    const time = timeDeltas[index] ?? 0;
    const group = groupOf(frame);
    busy += time;
    add(groups, group, time);
    add(functions, `${frame.functionName || '(anonymous)'} in ${group}`, time);
  });
  const shares = (times: Map<string, number>) =>
    [...times]
      .map(([where, time]) => ({ where, percent: (time / busy) * 100 }))
      .toSorted((one, other) => other.percent - one.percent);
  return { groups: shares(groups), functions: shares(functions) };
}

function add(times: Map<string, number>, key: string, time: number): void {
  times.set(key, (times.get(key) ?? 0) + time);
}

const NATIVE: Record<string, string> = {
  '(garbage collector)': 'garbage collector',
  '(program)': 'V8 and libuv',
  writeUtf8String: 'the socket: write',
  writeLatin1String: 'the socket: write',
  writev: 'the socket: write',
};

function groupOf({ functionName, url }: { functionName: string; url: string }): string {
  if (url === '') {
    return NATIVE[functionName] ?? 'V8 and libuv';
  }
  if (url.startsWith('node:')) {
    return /^node:_?http/.test(url) ? 'node:http' : 'the rest of Node';
  }
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name === undefined) {
    return 'service/';
  }
  if (name === 'sonic-boom') {
    return 'pino';
  }
  return name;
}
