import { existsSync } from 'node:fs';
import path from 'node:path';

/** Values that would run something, or say something to GitHub, wherever one of them is taken for code. */
export function hostile(folder: string): { values: string[]; ran: () => boolean } {
  const mark = path.join(folder, 'home', 'ran');
  return {
    values: [
      `'; touch ${mark}; exit 1 #`,
      `"; touch ${mark}; exit 1 #`,
      `$(touch ${mark})`,
      `\`touch ${mark}\``,
      `a\ntouch ${mark}`,
      `a\n::error::forged%0A`,
      `../../../etc`,
    ],
    ran: () => existsSync(mark),
  };
}

/** One value out of all the hostile ones: they are joined, for a run takes seconds. */
export function allHostile(values: string[]): string {
  return values.join(' ');
}
