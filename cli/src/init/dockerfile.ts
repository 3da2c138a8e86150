import { existsSync, readFileSync } from 'node:fs';

/** What a Dockerfile says of the image's last stage, as far as it says it. */
export interface Said {
  port?: number;
  user?: string;
  /** As ECS takes it: CMD and words, or CMD-SHELL and a line. */
  healthCheck?: string[];
}

export function readDockerfile(file: string): Said {
  if (!existsSync(file)) return {};
  const said: Said = {};
  for (const line of instructionsIn(readFileSync(file, 'utf8'))) {
    const [, instruction = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(line) ?? [];
    switch (instruction.toUpperCase()) {
      case 'FROM':
        // A stage that is named as the base may have said more; it is not followed.
        delete said.port;
        delete said.user;
        delete said.healthCheck;
        break;
      case 'EXPOSE': {
        const port = /^(\d+)(\/tcp)?(\s|$)/.exec(rest)?.[1];
        if (port) said.port = Number(port);
        break;
      }
      case 'USER':
        said.user = rest.trim();
        break;
      case 'HEALTHCHECK': {
        const command = commandOf(rest);
        if (command) said.healthCheck = command;
        else delete said.healthCheck;
        break;
      }
      default:
    }
  }
  return said;
}

/** Each instruction on one line: without comments, and with what a backslash continues. */
function instructionsIn(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  return lines
    .join('\n')
    .replaceAll(/\\\s*\n/g, ' ')
    .split('\n')
    .map((line) => line.trim());
}

function commandOf(check: string): string[] | undefined {
  const command = /(?:^|\s)CMD\s+(.*)$/s.exec(check)?.[1]?.trim();
  if (!command) return undefined;
  try {
    const words: unknown = JSON.parse(command);
    if (Array.isArray(words)) return ['CMD', ...words.map(String)];
  } catch {
    // Not JSON: a line for the shell.
  }
  return ['CMD-SHELL', command];
}
