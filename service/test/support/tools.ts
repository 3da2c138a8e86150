import { describe } from '@jest/globals';

export { findTool } from './find-tool.ts';

/** `describe`, or a skip that the report shows where the tool is missing; `REQUIRE_ALL_TOOLS=1` lets that fail. */
export function describeNeeds(tool: string | undefined) {
  return tool === undefined && process.env['REQUIRE_ALL_TOOLS'] !== '1' ? describe.skip : describe;
}
