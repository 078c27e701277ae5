import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import type { EngineConfig, PortRange } from "../../api/engine-config.ts";
import type { EngineStorage } from "../../api/engine-storage.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { KIND } from "../../api/names.ts";
import { CommandError } from "../../common/command-error.ts";
import type { RunOptions } from "../../engine/main.ts";
import { ipAddress, portNumber, portRange, filenamesOption, namespaceOption } from "../options.ts";
import type { Manifests } from "../manifests/read-manifests.ts";
import { writeMessages, writeProgress, counted } from "../output.ts";
import { placeOf } from "../serve/storage-place.ts";
import { WorkFolder } from "../serve/work-folder.ts";

const SECRET_FILE = 0o600;

interface Options {
  filename: string[];
  namespace: string;
  name?: string;
  directory?: string;
  host: string;
  port: number;
  passivePorts?: PortRange;
  metricsPort?: number;
  logFormat?: "text" | "json";
}

export function serveCommand(): Command {
  return new Command("serve")
    .description("run the engine of an FtpServer on this machine, without a cluster")
    .addOption(filenamesOption())
    .addOption(namespaceOption())
    .option("--name <NAME>", "serve FtpServer NAME; required when the files contain several FtpServers")
    .option(
      "--directory <PATH>",
      "serve the files in PATH (default: the bucket in the manifest, or a temporary directory that is removed on exit)",
    )
    .option(
      "--host <ADDRESS>",
      "listen on ADDRESS of this machine; 0.0.0.0 for all addresses",
      ipAddress,
      "127.0.0.1",
    )
    .option("--port <PORT>", "listen on PORT for control connections", portNumber, 2121)
    .option(
      "--passive-ports <FIRST-LAST>",
      "use FIRST-LAST as the passive port range (default: `spec.passive.portRange` in the manifest)",
      portRange,
    )
    .option(
      "--metrics-port <PORT>",
      "serve /healthz, /readyz and /metrics on PORT (default: not served)",
      portNumber,
    )
    .addOption(
      new Option(
        "--log-format <FORMAT>",
        "write log lines in FORMAT (default: text on a terminal, otherwise JSON)",
      ).choices(["text", "json"]),
    )
    .addHelpText(
      "after",
      `
The manifest defines the users, the limits, TLS and, for object storage, the bucket. PASV announces the address to which
the client connected. The command ignores \`spec.proxyProtocol\`. With --log-format text, \`serve\` prints plain-text passwords from manifest
files (\`stringData\`) at startup. Logs never contain passwords. If a port is in use, \`serve\` ends with an error that suggests a free port.

Exit codes: 0 ended by a signal, 1 failed or ended by a second signal, 2 invalid manifest or unavailable port.

Examples:
  ftp-operator serve -f examples/basic.yaml
  ftp-operator serve -f examples/basic.yaml --directory ./files --host 0.0.0.0`,
    )
    .action(async (options: Options) => {
      process.exitCode = await serve(options);
    });
}

/**
 * Runs the engine of an FtpServer on this machine until SIGINT or SIGTERM. PASV announces the address to which the
 * client connected, because no load balancer exists.
 * @returns the exit code of the engine
 * @throws CommandError if a manifest is invalid or a port is not available
 */
async function serve(options: Options): Promise<number> {
  await using folder = new WorkFolder();
  return await serveFrom(folder, options);
}

/**
 * @param folder folder for the configuration, and for the served files if `--directory` is not set
 * @throws CommandError
 */
async function serveFrom(folder: WorkFolder, options: Options): Promise<number> {
  const { host, metricsPort, logFormat } = options;
  const { readManifests } = await import("../manifests/read-manifests.ts");
  const { localConfig } = await import("../serve/local-config.ts");
  const { rejectUnavailablePorts } = await import("../serve/ports.ts");
  const manifests = await readManifests(options.filename, options.namespace);
  const server = chosen(manifests, options.name);
  const settings = { ...options, metricsPort: metricsPort ?? 0 };
  const { config, warnings } = await localConfig(server, manifests, folder.path, settings);
  writeMessages("warning", warnings);
  const { controlPort, passive } = config;
  await rejectUnavailablePorts({
    host,
    control: controlPort,
    passive: passive.portRange,
    metrics: metricsPort,
  });
  const isText = logFormat === undefined ? process.stdout.isTTY : logFormat === "text";
  // At the level `Debug`, the engine logs all sessions and all rejected commands. Log messages never contain passwords.
  if (isText) config.logging = { ...config.logging, level: "Debug" };
  const configFile = join(folder.path, "engine.json");
  await writeFile(configFile, JSON.stringify(config), { mode: SECRET_FILE });
  for (const storage of [config.storage, ...Object.values(config.additionalStorage ?? {})])
    if ("root" in storage) await mkdir(storage.root, { recursive: true });
  const engineOptions = { configFile, host, servesHealth: metricsPort !== undefined };
  const ended = isText
    ? runWithText(engineOptions, { options, config, server, manifests })
    : runWithJson(engineOptions, config, server);
  // From this point, the engine handles signals.
  folder.ignoreSignals();
  return await ended;
}

/** @throws CommandError if the FtpServer does not exist, or several FtpServers exist and `--name` is not set */
function chosen({ servers }: Manifests, name: string | undefined): FtpServer {
  const names = servers.map(({ metadata }) => metadata.name).join(", ");
  if (name === undefined) {
    const [only, another] = servers;
    if (only !== undefined && another === undefined) return only;
    throw new CommandError(`more than one ${KIND}: ${names}`, { hint: "select an FtpServer with --name" });
  }
  const server = servers.find(({ metadata }) => metadata.name === name);
  if (server !== undefined) return server;
  throw new CommandError(`no such ${KIND} in the manifests: ${name}`, {
    hint: `FtpServers in the manifests: ${names}`,
  });
}

/** Writes engine log lines as JSON to standard output and all other messages to standard error. */
async function runWithJson(
  options: RunOptions,
  { controlPort, passive: { portRange: ports }, storage, users }: EngineConfig,
  { metadata: { name } }: FtpServer,
): Promise<number> {
  writeProgress(`${KIND} ${name}: port ${controlPort}, passive ports ${ports.first}-${ports.last}`);
  writeProgress(
    `files in ${placeOf(storage)}; users: ${users.map((user) => user.name).join(", ") || "none"}`,
  );
  const { runEngine } = await import("../../engine/main.ts");
  return await runEngine(options);
}

interface Served {
  options: Options;
  config: EngineConfig;
  server: FtpServer;
  manifests: Manifests;
}

/** Writes human-readable log lines to standard output. */
async function runWithText(engineOptions: RunOptions, served: Served): Promise<number> {
  const { options, config } = served;
  const { DRAIN_SECONDS } = await import("../serve/local-config.ts");
  const { SessionLog } = await import("../serve/session-log.ts");
  const { welcome } = await import("../serve/welcome.ts");
  const { runEngine } = await import("../../engine/main.ts");
  // Errors from a closed terminal must not prevent the removal of temporary files.
  process.stdout.on("error", () => undefined);
  const isTemporary = options.directory === undefined;
  const log = new SessionLog(print, { drainSeconds: DRAIN_SECONDS });
  const { filename: files, host, metricsPort } = options;
  const onServing = (): void => {
    print(welcome({ ...served, files, host, metricsPort, isTemporary }));
    print("Ready. Sessions are listed below. Press Ctrl-C to stop.\n");
  };
  const code = await runEngine({ ...engineOptions, logDestination: log, onServing });
  if (!log.hasEnded) return code;
  print(`Stopped: ${log.summary}.`);
  print(await finalFilesText(config.storage, isTemporary));
  return code;
}

async function finalFilesText(storage: EngineStorage, isTemporary: boolean): Promise<string> {
  const root = placeOf(storage);
  if (!isTemporary || !("root" in storage)) return `The files are in ${root}.`;
  // The user might have removed the directory.
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return `Removed ${root} with ${counted(entries.filter((entry) => entry.isFile()).length, "file")}.`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
