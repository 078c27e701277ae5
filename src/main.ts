#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from "commander";
import type { PortRange } from "./api/engine-config.ts";
import { LOG_LEVELS } from "./api/engine-config.ts";

/** Exit codes: 0 done, 1 failed while running, 2 wrong use or wrong configuration. */
const USAGE_ERROR = 2;

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) {
    throw new InvalidArgumentError(`"${text}" is not a TCP port; write a number from 1 to 65535.`);
  }
  return port;
}

function portRange(text: string): PortRange {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  if (first === undefined || last === undefined) {
    throw new InvalidArgumentError(
      `"${text}" is not a port range; write FIRST-LAST, for instance 50000-50009.`,
    );
  }
  const range = { first: portNumber(first), last: portNumber(last) };
  if (range.first > range.last)
    throw new InvalidArgumentError(`"${text}" is reversed; write ${last}-${first}.`);
  return range;
}

const MAX_WORKERS = 64;

function workerCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MAX_WORKERS) {
    throw new InvalidArgumentError(`"${text}" is no count; write a number from 1 to ${MAX_WORKERS}.`);
  }
  return count;
}

function commaSeparated(text: string): string[] {
  return text.split(",").filter((part) => part !== "");
}

const program = new Command("ftp-operator")
  .description("Managed FTP on Kubernetes: the operator and its FTP engine.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : USAGE_ERROR));

program
  .command("operator")
  .description("watch FtpServer resources and provide the servers they ask for")
  .option(
    "--namespaces <names>",
    "work in these namespaces only, comma separated, without cluster-wide rights",
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
  )
  .option(
    "--leader-election-namespace <name>",
    "namespace of the Lease that lets one of several operators work; none: no election",
  )
  .option("--no-reachability-checks", "dial no server to see if clients can reach it")
  .option("--workers <count>", "FtpServers reconciled at once", workerCount, 4)
  .option("--metrics-port <port>", "port of /healthz, /readyz and /metrics", portNumber, 8080)
  .addOption(
    new Option("--log-level <level>", "least severe level logged").choices(LOG_LEVELS).default("Info"),
  )
  .action(async (options) => {
    const { runOperator } = await import("./operator/run.ts");
    process.exitCode = await runOperator(options);
  });

program
  .command("engine")
  .description("serve FTP as a configuration file says")
  .requiredOption("--config <file>", "the engine's configuration (JSON); reloaded when it changes")
  .option(
    "--passive-ports <first-last>",
    "listen on this slice of the configured passive range only",
    portRange,
  )
  .action(async (options: { config: string; passivePorts?: PortRange }) => {
    const { runEngine } = await import("./engine/main.ts");
    process.exitCode = await runEngine({
      configFile: options.config,
      ...(options.passivePorts && { passivePorts: options.passivePorts }),
    });
  });

const MAX_TIMEOUT_SECONDS = 300;

function seconds(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MAX_TIMEOUT_SECONDS) {
    throw new InvalidArgumentError(`"${text}" is no time; write seconds from 1 to ${MAX_TIMEOUT_SECONDS}.`);
  }
  return count;
}

program
  .command("check")
  .description("log in to a server and list over PASV and EPSV; tell which part of the way fails, and why")
  .argument("<host>", "host name or IP address, as clients dial it")
  .option("--port <port>", "control port; 21, or 990 with implicit TLS, when left out", portNumber)
  .addOption(
    new Option("--tls <mode>", "TLS by AUTH TLS, or from the first byte on")
      .choices(["none", "explicit", "implicit"])
      .default("none"),
  )
  .option("--insecure", "take any certificate")
  .option("--user <name>", "login name", "anonymous")
  .option("--password-file <file>", "file with the password; - is standard input")
  .option("--timeout <seconds>", "longest time for each step", seconds, 10)
  .addOption(new Option("--output <format>", "how to print it").choices(["text", "json"]).default("text"))
  .addHelpText(
    "after",
    `
Exit codes: 0 the whole way is open, 1 a step failed, 2 the command was wrong.

Examples:
  ftp-operator check ftp.example.com
  ftp-operator check 192.0.2.10 --tls explicit --insecure --user alice --password-file -`,
  )
  .action(async (host: string, options) => {
    const { runCheck } = await import("./check/main.ts");
    process.exitCode = await runCheck({ host, ...options });
  });

await program.parseAsync();
