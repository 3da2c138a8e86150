import path from 'node:path';

/** This repository's folder. */
export const ROOT = path.resolve(import.meta.dirname, '../..');
