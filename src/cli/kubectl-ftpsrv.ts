import { Command } from "commander";
import { versionLine } from "../common/version.ts";
import { checkServerCommand } from "./commands/check.ts";
import { completionCommand } from "./commands/completion.ts";
import { drainCommand } from "./commands/drain.ts";
import { kickServerCommand } from "./commands/kick.ts";
import { logsCommand } from "./commands/logs.ts";
import { serverSessionsCommand } from "./commands/sessions.ts";
import { statusCommand } from "./commands/status.ts";
import { usersCommand } from "./commands/users.ts";
import { clusterVersionCommand } from "./commands/version.ts";

/** Returns the command line of the kubectl plugin. */
export function createPlugin(): Command {
  const plugin = new Command("kubectl-ftpsrv")
    .usage("[options] [command]")
    .description("Inspect and manage FtpServers and their sessions. Run the plugin with `kubectl ftpsrv`.")
    .version(versionLine("kubectl-ftpsrv"), "-V, --version", "print the version of this plugin only")
    .option("-n, --namespace <NAME>", "use the FtpServer in namespace NAME (default: the current namespace)")
    .option("--context <NAME>", "use the kubeconfig context NAME")
    .option("--kubeconfig <FILE>", "use the kubeconfig FILE")
    .addHelpText(
      "after",
      `
Each command runs kubectl with your permissions. \`sessions\`, \`kick\` and \`version\` require \`create\` on pods/exec. The session
counts in \`status\` and \`users\` also require \`create\` on pods/exec. \`check\` requires \`get\` on the Secret NAME-config. \`drain\`
requires \`delete\` on pods. Each command uses the context and namespace that are current when the command starts.

Exit codes: 0 success, 1 negative result (not Ready, a failed step, no session to end, a pod that does not respond), 2 usage error,
FtpServer not found, or kubectl failed.`,
    );
  const commands = [
    statusCommand(),
    checkServerCommand(),
    serverSessionsCommand(),
    usersCommand(),
    logsCommand(),
    kickServerCommand(),
    drainCommand(),
    clusterVersionCommand(),
    completionCommand(createPlugin),
  ];
  for (const command of commands) plugin.addCommand(command);
  return plugin;
}
