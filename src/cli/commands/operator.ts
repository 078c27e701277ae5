import { Command, Option } from "commander";
import { LOG_LEVELS } from "../../api/engine-config.ts";
import {
  commaSeparated,
  durationSeconds,
  imagePullPolicyOption,
  integer,
  labels,
  objectName,
  portNumber,
} from "../options.ts";

const MAX_WORKERS = 64;

export function operatorCommand(): Command {
  const command = new Command("operator")
    .description("run the operator, which reconciles FtpServers and FtpUsers")
    .option(
      "--namespaces <NAMES>",
      "reconcile only these namespaces, separated by commas, without cluster-wide permissions (default: all namespaces)",
      commaSeparated,
    )
    .requiredOption(
      "--engine-image <IMAGE>",
      "run IMAGE in the pods of FtpServers, normally the same image as the operator",
    )
    .addOption(imagePullPolicyOption())
    .option(
      "--node-addresses <CIDRS>",
      "treat these addresses as nodes that replace client addresses, in addition to the addresses of Node objects",
      commaSeparated,
      [],
    );
  for (const option of electionOptions()) command.addOption(option);
  return command
    .option(
      "--allow-internal-sinks",
      "allow notifications to loopback, link-local, private and cluster-internal addresses",
      false,
    )
    .option("--no-reachability-checks", "disable reachability checks of FtpServers")
    .option(
      "--pod-labels <LABELS>",
      "allow pods with LABELS (normally the operator pods) to access engine metrics ports, for example app=operator,team=files (default: no pods)",
      labels,
    )
    .option(
      "--workers <COUNT>",
      "reconcile up to COUNT FtpServers at the same time",
      integer(MAX_WORKERS),
      10,
    )
    .option("--metrics-port <PORT>", "serve /healthz, /readyz and /metrics on PORT", portNumber, 8080)
    .option(
      "--debug-port <PORT>",
      "serve /debug on PORT of the loopback interface (default: not served)",
      portNumber,
    )
    .addOption(
      new Option("--log-level <LEVEL>", "log messages of LEVEL and above")
        .choices(LOG_LEVELS)
        .default("Info"),
    )
    .action(async (options) => {
      const { runOperator } = await import("../../operator/run.ts");
      process.exitCode = await runOperator(options);
    });
}

function electionOptions(): Option[] {
  return [
    new Option(
      "--leader-election-namespace <NAME>",
      "use a Lease in namespace NAME for leader election (default: no election)",
    ),
    new Option(
      "--leader-election-name <NAME>",
      "use the Lease NAME for leader election; operators with different Leases run independently",
    )
      .argParser(objectName)
      .default("ftp-operator"),
    durationOption(
      "--leader-election-lease-duration",
      "allow another operator to become leader DURATION after the last renewal",
    ).default(15, "15s"),
    durationOption(
      "--leader-election-renew-deadline",
      "stop the leader after DURATION without a renewal; must be shorter than the lease duration",
    ).default(10, "10s"),
    durationOption(
      "--leader-election-retry-period",
      "wait DURATION between attempts to acquire or renew the Lease; must be shorter than the renew deadline",
    ).default(2, "2s"),
  ];
}

function durationOption(flag: string, description: string): Option {
  return new Option(`${flag} <DURATION>`, description).argParser(durationSeconds);
}
