import { Command, Option } from "commander";
import { LOG_LEVELS } from "../../api/engine-config.ts";
import {
  commaSeparated,
  durationSeconds,
  labels,
  objectName,
  portNumber,
  wholeNumber,
} from "../arguments.ts";

const MAX_WORKERS = 64;

export function operatorCommand(): Command {
  const command = new Command("operator")
    .description("watch FtpServer resources and provide the servers they ask for")
    .option(
      "--namespaces <names>",
      "serve these namespaces only, comma separated, without cluster-wide permissions; empty: all",
      commaSeparated,
    )
    .requiredOption("--engine-image <image>", "image of the server pods, normally the operator's own")
    .addOption(
      new Option("--image-pull-policy <policy>", "imagePullPolicy of the server pods")
        .choices(["Always", "IfNotPresent", "Never"])
        .default("IfNotPresent"),
    )
    .option(
      "--node-addresses <cidrs>",
      "addresses that nodes masquerade as, beside those read from Node objects",
      commaSeparated,
      [],
    );
  for (const option of electionOptions()) command.addOption(option);
  return command
    .option("--no-reachability-checks", "dial no server to see if clients can reach it")
    .option(
      "--pod-labels <labels>",
      "labels of the operator pods, for example app=operator,team=files, which NetworkPolicies admit to the metrics port; none: they are not admitted",
      labels,
    )
    .option("--workers <count>", "FtpServers reconciled at once", wholeNumber("count", MAX_WORKERS), 10)
    .option("--metrics-port <port>", "port of /healthz, /readyz and /metrics", portNumber, 8080)
    .option("--debug-port <port>", "port of /debug, on loopback only; none: there is no /debug", portNumber)
    .addOption(
      new Option("--log-level <level>", "least severe level logged").choices(LOG_LEVELS).default("Info"),
    )
    .action(async (options) => {
      const { runOperator } = await import("../../operator/run.ts");
      process.exitCode = await runOperator(options);
    });
}

function electionOptions(): Option[] {
  return [
    new Option(
      "--leader-election-namespace <name>",
      "namespace of the Lease that lets one of several operators work; none: no election",
    ),
    new Option(
      "--leader-election-name <name>",
      "name of that Lease; operators of another name do not wait for this one",
    )
      .argParser(objectName)
      .default("ftp-operator"),
    durationOption(
      "--leader-election-lease-duration",
      "time after the last renewal at which another operator takes over",
    ).default(15, "15s"),
    durationOption(
      "--leader-election-renew-deadline",
      "time without a renewal after which the active operator stops; shorter than the lease duration",
    ).default(10, "10s"),
    durationOption(
      "--leader-election-retry-period",
      "time between two attempts to get or renew the Lease; shorter than the renew deadline",
    ).default(2, "2s"),
  ];
}

function durationOption(flag: string, description: string): Option {
  return new Option(`${flag} <duration>`, description).argParser(durationSeconds);
}
