#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { completionCommand } from './commands/completion.ts';
import { doctorCommand } from './commands/doctor.ts';
import { initCommand } from './commands/init.ts';
import { applyCommand, bootstrapCommand, planCommand } from './commands/layers.ts';
import { releaseCommand } from './commands/release.ts';
import { restartCommand } from './commands/restart.ts';
import { statusCommand } from './commands/status.ts';
import { ExitError, UserError } from './errors.ts';
import { versionOfKit } from './kit.ts';

// npm runs a script in the folder of its package; whoever called it stands somewhere else.
const { npm_lifecycle_event: script, INIT_CWD: caller } = process.env;
if (script === 'slipway' && caller) process.chdir(caller);

const program = new Command('slipway')
  .description('Ships services to Amazon ECS: see what runs where, release, restart, set a repository up.')
  .version(versionOfKit())
  .showHelpAfterError('`slipway --help` says what there is.')
  .configureHelp({ showGlobalOptions: false })
  .addCommand(initCommand())
  .addCommand(doctorCommand())
  .addCommand(bootstrapCommand())
  .addCommand(planCommand())
  .addCommand(applyCommand())
  .addCommand(statusCommand())
  .addCommand(releaseCommand())
  .addCommand(restartCommand());
program.addCommand(completionCommand(program));
for (const command of [program, ...program.commands]) {
  command.exitOverride().configureOutput({ outputError: (text, write) => write(text) });
}

process.exitCode = await run();

async function run(): Promise<number> {
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof ExitError) return error.code;
    // It has said what is wrong already.
    if (error instanceof CommanderError) return error.exitCode;
    const said = error instanceof UserError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`error: ${said}\n`);
    return 1;
  }
}
