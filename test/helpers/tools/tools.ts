import { describe } from '@jest/globals';

export { findTool } from './find-tool.ts';

/** `describe`, or a skip that the report shows where a tool is missing; `REQUIRE_ALL_TOOLS=1` lets that fail. */
export function describeNeeds(...tools: (string | undefined)[]) {
  return tools.includes(undefined) && process.env['REQUIRE_ALL_TOOLS'] !== '1' ? describe.skip : describe;
}
