import { type Command as Program, Argument, Command } from 'commander';
import { print } from '../print.ts';

export function completionCommand(program: Program): Command {
  return new Command('completion')
    .summary('completion for bash or zsh')
    .description('Prints what completes commands and options. It is made of what this version has.')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .addHelpText(
      'after',
      `
Examples:
  slipway completion bash >~/.local/share/bash-completion/completions/slipway
  slipway completion zsh >"\${fpath[1]}/_slipway"`,
    )
    .action((shell: string) => print(shell === 'bash' ? bash(program) : zsh(program)));
}

function words(command: Program): string[] {
  return [
    ...command.options
      .flatMap(({ short, long }) => [short, long])
      .filter((one) => one !== undefined && one !== null),
    '--help',
  ];
}

function bash(program: Program): string {
  const cases = program.commands.map((one) => `    ${one.name()}) words='${words(one).join(' ')}' ;;`);
  const names = program.commands.map((one) => one.name()).join(' ');
  return `_slipway() {
  local words
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
    *) words='${names} ${words(program).join(' ')}' ;;
  esac
  [ "$COMP_CWORD" -gt 1 ] || words='${names} ${words(program).join(' ')}'
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _slipway slipway`;
}

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}

function zsh(program: Program): string {
  const names = program.commands.map((one) => `    '${one.name()}:${quoted(one.summary())}'`);
  const cases = program.commands.map((one) => `    ${one.name()}) compadd -- ${words(one).join(' ')} ;;`);
  return `#compdef slipway
_slipway() {
  local -a commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${cases.join('\n')}
  esac
  _default
}
_slipway "$@"`;
}
