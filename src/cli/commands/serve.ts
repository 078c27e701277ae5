import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineConfig, PortRange } from "../../api/engine-config.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { KIND } from "../../api/names.ts";
import { type RunOptions, runEngine } from "../../engine/main.ts";
import { DRAIN_SECONDS, localConfig } from "../serve/local-config.ts";
import { ManifestError, type Manifests, readManifests } from "../manifests/manifests.ts";
import { portViolations } from "../serve/ports.ts";
import { SessionLog } from "../serve/session-log.ts";
import { welcome } from "../serve/welcome.ts";
import { WorkFolder } from "../serve/work-folder.ts";

export interface ServeCommand {
  /** Manifest files; `-` is standard input. */
  filename: string[];
  namespace: string;
  /** Which FtpServer, when the files hold several. */
  name?: string;
  /** Where the files lie; undefined: a directory that is removed when the engine ends. */
  directory?: string;
  /** Address of this machine where all ports are bound. */
  host: string;
  port: number;
  /** Undefined: the range of the manifest. */
  passivePorts?: PortRange;
  /** Undefined: health and metrics are not served. */
  metricsPort?: number;
  /** Undefined: text on a terminal, JSON elsewhere. */
  logFormat?: "text" | "json";
}

const EXIT_USAGE = 2;
const SECRET_FILE = 0o600;

/**
 * Runs the engine of an FtpServer on this machine until SIGINT or SIGTERM: the same users, limits, TLS and passive range. PASV
 * announces the address that the client dialled, because there is no load balancer.
 * @returns the exit code of the engine, or 2 when the manifests are wrong or a port is not available
 */
export async function runServe(command: ServeCommand): Promise<number> {
  await using folder = new WorkFolder();
  try {
    return await serveFrom(folder, command);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    error.message.split("\n").forEach(say);
    return EXIT_USAGE;
  }
}

/** @param folder for the configuration, and for the files where no directory is chosen @throws ManifestError */
async function serveFrom(folder: WorkFolder, command: ServeCommand): Promise<number> {
  const { host, metricsPort, logFormat } = command;
  const manifests = await readManifests(command.filename, command.namespace);
  const server = chosen(manifests, command.name);
  const settings = { ...command, metricsPort: metricsPort ?? 0 };
  const { config, warnings } = await localConfig(server, manifests, folder.path, settings);
  const ports = { control: config.controlPort, passive: config.passive.portRange, metrics: metricsPort };
  const violations = await portViolations({ host, ...ports });
  [...warnings, ...violations].forEach(say);
  if (violations.length > 0) return EXIT_USAGE;
  const isText = logFormat === undefined ? process.stdout.isTTY : logFormat === "text";
  // Every session and every rejected command is shown. Passwords are in no message of any level.
  if (isText) config.logging = { ...config.logging, level: "Debug" };
  const configFile = join(folder.path, "engine.json");
  await writeFile(configFile, JSON.stringify(config), { mode: SECRET_FILE });
  await mkdir(config.storage.root, { recursive: true });
  const options = { configFile, host, servesHealth: metricsPort !== undefined };
  const ended = isText
    ? runForPeople(options, { command, config, server, manifests })
    : runForPrograms(options, config, server);
  // The engine handles signals from here on.
  folder.ignoreSignals();
  return await ended;
}

function chosen({ servers }: Manifests, name: string | undefined): FtpServer {
  const names = servers.map(({ metadata }) => metadata.name).join(", ");
  if (name === undefined) {
    const [only, another] = servers;
    if (only !== undefined && another === undefined) return only;
    throw new ManifestError(`there is more than one ${KIND} (${names}): choose one with --name`);
  }
  const server = servers.find(({ metadata }) => metadata.name === name);
  if (server === undefined) throw new ManifestError(`there is no ${KIND} ${name}, but ${names}`);
  return server;
}

/** JSON lines of the engine on standard output, all else on standard error. */
async function runForPrograms(
  options: RunOptions,
  { controlPort, passive: { portRange }, storage, users }: EngineConfig,
  { metadata: { name } }: FtpServer,
): Promise<number> {
  say(`FtpServer ${name}: port ${controlPort}, passive ports ${portRange.first}-${portRange.last}`);
  say(`files in ${storage.root}; users: ${users.map((user) => user.name).join(", ") || "none"}`);
  return await runEngine(options);
}

interface Served {
  command: ServeCommand;
  config: EngineConfig;
  server: FtpServer;
  manifests: Manifests;
}

/** Readable lines on standard output. */
async function runForPeople(options: RunOptions, served: Served): Promise<number> {
  const { command, config } = served;
  // A terminal that was closed must not keep the temporary files from being removed.
  process.stdout.on("error", () => undefined);
  const isTemporary = command.directory === undefined;
  const log = new SessionLog(print, { drainSeconds: DRAIN_SECONDS });
  const { filename: files, host, metricsPort } = command;
  const onServing = (): void => {
    print(welcome({ ...served, files, host, metricsPort, isTemporary }));
    print("Ready. Each session appears here. Press Ctrl-C to stop.\n");
  };
  const code = await runEngine({ ...options, logDestination: log, onServing });
  if (!log.hasEnded) return code;
  print(`Stopped: ${log.summary}.`);
  print(await whatBecomesOfFiles(config.storage.root, isTemporary));
  return code;
}

async function whatBecomesOfFiles(root: string, isTemporary: boolean): Promise<string> {
  if (!isTemporary) return `The files are in ${root}.`;
  // A user may have removed the directory.
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const count = entries.filter((entry) => entry.isFile()).length;
  return `Removed ${root} with ${count} ${count === 1 ? "file" : "files"}.`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function say(line: string): void {
  process.stderr.write(`ftp-operator serve: ${line}\n`);
}
