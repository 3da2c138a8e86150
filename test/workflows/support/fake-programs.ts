import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * A folder with programs that answer as they are told, to be put first on PATH.
 * @param programs shell, by name; each call is noted in the file `calls`
 */
export async function fakePrograms(programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'programs-'));
  await Promise.all(
    Object.entries(programs).map(async ([name, body]) => {
      const file = path.join(folder, name);
      const note = `printf '%s\\n' "${name} $*" >>"${folder}/calls"`;
      await writeFile(file, `#!/usr/bin/env bash\n${note}\n${body}\n`);
      await chmod(file, 0o755);
    }),
  );
  return folder;
}
