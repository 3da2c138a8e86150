import path from 'node:path';
import { IAC } from '@slipway/test-helpers/terraform/layers';

/** Written by record-provider.ts. */
export const RECORD = path.join(IAC, 'test/provider-6.json');

/** What a version of the provider knows of what the layers use. */
export interface Record6 {
  /** The provider's version. */
  provider: string;
  /** The package that its schema was read from. */
  source: string;
  types: Record<string, Known>;
}

export interface Known {
  /** By path, as in `Use`: what has to be given in the block, and what it knows of what is given. */
  blocks: Record<string, { required: string[]; known: string[] }>;
  /** What it knows of what is read. */
  read: string[];
  /** The blocks that the package says nothing about; they are in no other list. */
  undescribed?: string[];
}

/** Whether a block is one of these, or in one. */
export function isWithin(blocks: string[], block: string): boolean {
  return blocks.some((one) => block === one || block.startsWith(`${one}.`));
}
