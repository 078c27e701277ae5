import { Argument, Command, Option } from "commander";
import { wholeNumber } from "./arguments.ts";
import { familyOption, waitOption } from "./commands/check.ts";
import { completionCommand } from "./commands/completion.ts";
import { versionLine } from "../common/version.ts";
import { type Choice, KubectlError } from "./cluster/kubectl.ts";
import { ServerView } from "./cluster/ftp-server-client.ts";

const EXIT_USAGE = 2;

type Work<O> = (server: ServerView, options: O) => Promise<number>;

/** The command line of the plugin. What a command does is loaded when it is called. */
export function createPlugin(): Command {
  const plugin = new Command("kubectl-ftpsrv")
    .usage("[options] [command]")
    .description(
      "Look at FtpServers and their sessions, and act on them. Called by kubectl: `kubectl ftpsrv`.",
    )
    .version(versionLine("kubectl-ftpsrv"), "-V, --version", "print the version of this plugin alone")
    .option("-n, --namespace <name>", "namespace of the FtpServer; the current one when left out")
    .option("--context <name>", "context of the kubeconfig")
    .option("--kubeconfig <file>", "kubeconfig file")
    .addHelpText(
      "after",
      `
Each command runs kubectl, with your rights: sessions, kick, version and the counts of status and users need \`create\` on pods/exec, check needs
\`get\` on the Secret NAME-config, drain needs \`delete\` on pods. It stays in the context and namespace that it began in.

Exit codes: 0 done, 1 the answer is no (not Ready, a step failed, nothing to end, a pod did not answer), 2 wrong use, no such FtpServer,
or kubectl failed.`,
    );
  for (const command of commands()) plugin.addCommand(command);
  return plugin.addCommand(completionCommand());
}

const output = (): Option =>
  new Option("--output <format>", "how to print it").choices(["text", "json"]).default("text");

function commands(): Command[] {
  return [
    on<object>("status", "show address, slots, sessions and conditions", async (server) =>
      (await import("./commands/status.ts")).showStatus(server),
    ),
    on<{ output: "text" | "json"; wait?: number; family?: "ipv4" | "ipv6" }>(
      "check",
      "go the way of a client from here; tell which part of it fails, and why",
      async (server, options) => (await import("./commands/check-server.ts")).checkServer(server, options),
    )
      .addOption(familyOption("connect to the address of this family (default: the host of the endpoint)"))
      .addOption(waitOption())
      .addOption(output()),
    on<{ output: "text" | "json" }>(
      "sessions",
      "list sessions and running transfers",
      async (server, options) =>
        (await import("./commands/sessions-of-server.ts")).showSessions(server, options.output),
    ).addOption(output()),
    on<object>("users", "list accounts, those of FtpUsers too", async (server) =>
      (await import("./commands/users.ts")).showUsers(server),
    ),
    logs(),
    kick(),
    drain(),
    version(),
  ];
}

/** A command about one FtpServer. */
function on<O extends object>(name: string, description: string, work: Work<O>): Command {
  return new Command(name)
    .description(description)
    .addArgument(new Argument("<name>", "the FtpServer"))
    .action(async (server: string, options: O, command: Command) => {
      process.exitCode = await complaining(name, async () =>
        work(await ServerView.find(command.optsWithGlobals<Choice>(), server), options),
      );
    });
}

function logs(): Command {
  return on<{ follow?: true; since?: string }>(
    "logs",
    "show the log of every pod, transfers among it",
    async (server, options) => (await import("./commands/logs.ts")).showLogs(server, options),
  )
    .option("-f, --follow", "go on with what comes")
    .option("--since <time>", "not older than this, for instance 10m");
}

function kick(): Command {
  return on<{ user?: string; pod?: string; id?: number }>(
    "kick",
    "end sessions, with the reply 421",
    async (server, { user, pod, id }) => {
      const { kick } = await import("./commands/sessions-of-server.ts");
      if (user !== undefined && user !== "") return await kick(server, { user });
      if (pod !== undefined && id !== undefined) return await kick(server, { pod, id });
      throw new KubectlError("say whose: --user NAME, or --pod POD --id NUMBER as `sessions` shows them");
    },
  )
    .option("--user <name>", "every session of this user")
    .addOption(new Option("--pod <name>", "the pod of one session").conflicts("user"))
    .addOption(
      new Option("--id <number>", "the number of that session")
        .argParser(wholeNumber("number of a session", Number.MAX_SAFE_INTEGER))
        .conflicts("user"),
    );
}

function drain(): Command {
  return on<{ pod?: string }>(
    "drain",
    "replace the pods one after the other, each when its sessions have ended",
    async (server, { pod }) => (await import("./commands/drain.ts")).drain(server, pod),
  ).option("--pod <name>", "this pod alone");
}

function version(): Command {
  return new Command("version")
    .description("print the versions of this plugin, the operator and the engines")
    .addOption(output())
    .addHelpText(
      "after",
      `
Asks one pod of each image in all namespaces, or of your namespace if you cannot list the pods of others. With --namespace, it asks the
engines of that namespace. Needs \`create\` on pods/exec.`,
    )
    .action(async (options: { output: "text" | "json" }, command: Command) => {
      process.exitCode = await complaining("version", async () =>
        (await import("./commands/version.ts")).showVersion(
          command.optsWithGlobals<Choice>(),
          options.output,
        ),
      );
    });
}

async function complaining(name: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    process.stderr.write(`kubectl ftpsrv ${name}: ${error.message}\n`);
    return EXIT_USAGE;
  }
}
