import { type Command, InvalidArgumentError } from 'commander';

/** The options that a command for environments has. */
export function withEnvironmentsPath(command: Command): Command {
  return command.option(
    '--environments-path <folder>',
    'folder with a folder for each environment (environments, or iac/environments, here or above)',
  );
}

export function withEnvironment(command: Command): Command {
  return withEnvironmentsPath(
    command.option('-e, --environment <name>', 'the environment; not needed where there is one only'),
  );
}

export function seconds(value: string): number {
  if (!/^[1-9]\d{0,4}$/.test(value))
    throw new InvalidArgumentError('It has to be a number of seconds, 1 to 99999.');
  return Number(value);
}

export function examples(command: Command, lines: [call: string, does: string][]): Command {
  const width = Math.max(...lines.map(([call]) => call.length));
  const text = lines.map(([call, does]) => `  ${call.padEnd(width)}  ${does}`).join('\n');
  return command.addHelpText('after', `\nExamples:\n${text}`);
}
