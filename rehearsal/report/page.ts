import type { Result } from './result.ts';
export function page(result: Result): string { return `<pre>${JSON.stringify(result)}</pre>`; }
