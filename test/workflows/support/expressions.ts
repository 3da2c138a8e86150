import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** What the status functions answer where an expression is evaluated. */
export type Status = Readonly<Record<'success' | 'failure' | 'cancelled' | 'always', boolean>>;

const STATUS_FUNCTION = /\b(?:success|failure|cancelled|always)\s*\(/;
const CONTEXTS = ['github', 'inputs', 'needs', 'matrix', 'jobs', 'job', 'vars', 'secrets', 'runner'];

const evaluated = new Map<string, data.ExpressionData>();

/** Evaluates one expression, without its `${{ }}`, with GitHub's own evaluator. What a context lacks is null, as there. */
export function evaluate(
  expression: string,
  contexts: Readonly<Record<string, unknown>>,
  status?: Status,
): data.ExpressionData {
  const key = JSON.stringify([expression, contexts, status]);
  const known = evaluated.get(key) ?? evaluateAnew(expression, contexts, status);
  evaluated.set(key, known);
  return known;
}

function evaluateAnew(
  expression: string,
  contexts: Readonly<Record<string, unknown>>,
  status?: Status,
): data.ExpressionData {
  const functions = Object.entries(status ?? {}).map(([name, answer]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  }));
  const known = Object.fromEntries(CONTEXTS.map((name) => [name, contexts[name] ?? {}]));
  const tree = new Parser(new Lexer(expression).lex().tokens, CONTEXTS, functions).parse();
  const dictionary = JSON.parse(JSON.stringify(known), data.reviver) as data.Dictionary;
  return new Evaluator(tree, dictionary, new Map(functions.map((one) => [one.name, one]))).evaluate();
}

/** A text with every `${{ }}` in it replaced by its value. */
export function render(text: string, contexts: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression, contexts).coerceString(),
  );
}

/** The condition of a job: an `if` without a status function has `success()` in front, says GitHub's page on expressions. */
export function conditionOf(text = 'success()'): string {
  const bare = text.trim().replace(/^\$\{\{(.*)\}\}$/s, '$1');
  return STATUS_FUNCTION.test(bare) ? bare : `success() && (${bare})`;
}

export function isTrue(value: data.ExpressionData): boolean {
  return value.kind === data.Kind.Boolean ? value.value : value.coerceString() !== '';
}
