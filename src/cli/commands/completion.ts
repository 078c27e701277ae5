/** Shell completion of commands, options and option values. */
import { Argument, Command } from "commander";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** The words that can follow a command. */
interface Step {
  /** Space-separated names of the command and its parents. The value is empty for the program itself. */
  path: string;
  words: string[];
}

/** @param createProgram function that returns the program with all commands */
export function completionCommand(createProgram: () => Command | Promise<Command>): Command {
  return new Command("completion")
    .description("print a script that completes commands and options in a shell")
    .addArgument(new Argument("<shell>", "shell that runs the script").choices(SHELLS))
    .addHelpText("after", ({ command }) => examples(command.parent?.name() ?? "ftp-operator"))
    .action(async (shell: Shell) => {
      const program = await createProgram();
      process.stdout.write(SCRIPTS[shell](program.name(), stepsOf(program)));
    });
}

function examples(program: string): string {
  return `
Examples:
  source <(${program} completion bash)
  ${program} completion fish > ~/.config/fish/completions/${program}.fish`;
}

/** Returns the steps for a command and its subcommands, in the order of the help text. */
export function stepsOf(command: Command, path: readonly string[] = []): Step[] {
  const help = command.createHelp();
  const subs = help.visibleCommands(command).filter((sub) => sub.name() !== "help");
  const flags = help.visibleOptions(command).flatMap(({ long }) => long ?? []);
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  return [
    { path: path.join(" "), words: [...subs.map((sub) => sub.name()), ...choices, ...flags] },
    ...subs.flatMap((sub) => stepsOf(sub, [...path, sub.name()])),
  ];
}

/**
 * Returns shell lines for bash and zsh that find the longest command path in the typed words. Other words are ignored.
 */
function pathLoop(words: string, steps: readonly Step[]): string[] {
  const known = `|${steps.map(({ path }) => path).join("|")}|`;
  return [
    '  local path="" next word',
    `  for word in "${words}"; do`,
    '    next="${path:+$path }$word"',
    `    [[ "${known}" == *"|$next|"* ]] && path="$next"`,
    "  done",
  ];
}

const SCRIPTS: Readonly<Record<Shell, (name: string, steps: readonly Step[]) => string>> = {
  bash: (name, steps) => {
    const id = identifier(name);
    return script(
      `${id}() {`,
      ...pathLoop("${COMP_WORDS[@]:1:COMP_CWORD-1}", steps),
      '  local words=""',
      '  case "$path" in',
      ...steps.map(({ path, words }) => `    "${path}") words="${words.join(" ")}" ;;`),
      "  esac",
      '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")',
      "}",
      `complete -o default -F ${id} ${name}`,
    );
  },
  zsh: (name, steps) => {
    const id = identifier(name);
    return script(
      `#compdef ${name}`,
      `${id}() {`,
      ...pathLoop("${(@)words[2,CURRENT-1]}", steps),
      '  case "$path" in',
      ...steps.map(({ path, words }) => `    "${path}") compadd -- ${words.join(" ")} ;;`),
      "  esac",
      "  _files",
      "}",
      `compdef ${id} ${name}`,
    );
  },
  fish: (name, steps) =>
    script(
      ...steps.map(({ path, words }) => {
        const seen = path.split(" ").map((command) => `__fish_seen_subcommand_from ${command}`);
        const condition = path === "" ? "__fish_use_subcommand" : seen.join("; and ");
        return `complete -c ${name} -n '${condition}' -a '${words.join(" ")}'`;
      }),
    ),
};

function identifier(name: string): string {
  return `_${name.replaceAll("-", "_")}`;
}

function script(...lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
