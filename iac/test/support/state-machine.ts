import assert from 'node:assert/strict';

/** A state, with what the layers' machines use of the Amazon States Language and nothing else. */
interface State {
  Type: 'Choice' | 'Fail' | 'Succeed' | 'Task' | 'Wait';
  Comment?: string;
  Next?: string;
  Resource?: string;
  Parameters?: Fields;
  ResultSelector?: Record<string, string>;
  ResultPath?: null;
  Choices?: Rule[];
  Default?: string;
  Error?: string;
  Cause?: string;
  Seconds?: number;
}

interface Rule {
  Variable: string;
  Next: string;
  StringEquals?: string;
  StringMatches?: string;
  NumericEquals?: number;
}

type Fields = Record<string, unknown>;

export interface StateMachine {
  Comment: string;
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, State>;
}

/** What a machine meets: calls of AWS, and time that goes by. */
export interface World {
  call(action: string, parameters: Fields): unknown;
  wait(seconds: number): void;
}

/**
 * Executes a machine as Step Functions does.
 * @returns the states that it went through; the last one is `Succeed` or `Fail`.
 * @throws when it takes longer than its TimeoutSeconds, or says what this does not know.
 */
export function execute(machine: StateMachine, input: unknown, world: World): string[] {
  const names: string[] = [];
  let data = input;
  let left = machine.TimeoutSeconds;
  for (let name: string | undefined = machine.StartAt; name !== undefined;) {
    const state: State | undefined = machine.States[name];
    assert.ok(state, `there is no state ${name}`);
    names.push(name);
    if (state.Type === 'Wait') {
      left -= state.Seconds ?? 0;
      assert.ok(left >= 0, `timed out in ${name}`);
      world.wait(state.Seconds ?? 0);
    }
    if (state.Type === 'Task') {
      const action = (state.Resource ?? '').replace(/^arn:aws:states:::(aws-sdk:)?/, '');
      const result = world.call(action, evaluate(state.Parameters ?? {}, data));
      if (state.ResultPath !== null) data = evaluate(state.ResultSelector ?? {}, result);
    }
    const chosen: Rule | undefined = state.Choices?.find((rule) => isMet(rule, data));
    name = chosen?.Next ?? state.Default ?? state.Next;
  }
  return names;
}

/** What ends with `.$` is a path, or a function of one. */
function evaluate(fields: Fields, data: unknown): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (!key.endsWith('.$')) return [key, value];
      return [key.slice(0, -2), valueOf(String(value), data)];
    }),
  );
}

function valueOf(text: string, data: unknown): unknown {
  const [, name, argument = ''] = /^States\.(\w+)\((.*)\)$/.exec(text) ?? [];
  if (name === 'ArrayLength') return (valueOf(argument, data) as unknown[]).length;
  if (name === 'StringToJson') return JSON.parse(argument.replace(/^'(.*)'$/, '$1'));
  assert.match(text, /^\$/, `${text} is neither a path nor a function that is known`);
  const steps = text.match(/\[\?\(@\.\w+ == '\w+'\)\]|\[\d+\]|\.\w+/g) ?? [];
  assert.equal(steps.join(''), text.slice(1), `the path ${text} is not known`);
  let found: unknown[] = [data];
  let isList = false;
  for (const step of steps) {
    const [, key = '', wanted] = /^\[\?\(@\.(\w+) == '(\w+)'\)\]$/.exec(step) ?? [];
    isList ||= key !== '';
    found = found.flatMap((one) => {
      if (key) return (one as Fields[]).filter((element) => element[key] === wanted);
      return [(one as Fields)[step.replaceAll(/[.[\]]/g, '')]];
    });
  }
  // Step Functions fails where a path leads nowhere.
  assert.ok(isList || found[0] !== undefined, `${text} leads nowhere`);
  return isList ? found : found[0];
}

function isMet({ Variable, StringEquals, StringMatches, NumericEquals }: Rule, data: unknown): boolean {
  const value = valueOf(Variable, data);
  if (StringEquals !== undefined) return value === StringEquals;
  if (NumericEquals !== undefined) return value === NumericEquals;
  const parts = (StringMatches ?? '')
    .split('*')
    .map((one) => one.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(String(value));
}
