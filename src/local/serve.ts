import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { EngineConfig, EngineTls } from "../api/engine-config.ts";
import type { FtpServer } from "../api/ftpserver.generated.ts";
import { KIND } from "../api/names.ts";
import { runEngine } from "../engine/main.ts";
import { readConfigSecret } from "../plan/builders/config-secret.ts";
import { AUTHORITIES_KEY, CERTIFICATE_KEY, PRIVATE_KEY_KEY } from "../plan/certificates.ts";
import { plan } from "../plan/plan.ts";
import { ManifestError, type Manifests, readManifests } from "./manifests.ts";
import { observeManifests } from "./observe.ts";
import { complaints } from "./render.ts";

export interface ServeCommand {
  /** Manifest files; `-` is standard input. */
  filename: string[];
  namespace: string;
  /** Which FtpServer, when the files hold several. */
  name?: string;
  /** Where the files lie; undefined: a directory that goes when the engine ends. */
  directory?: string;
  port: number;
  metricsPort: number;
}

const EXIT_USAGE = 2;
/** No cluster waits for a drain: transfers may end, idle sessions need not. */
const DRAIN_SECONDS = 5;
const SECRET_FILE = 0o600;

/**
 * Runs the engine of an FtpServer on this machine until SIGINT or SIGTERM: the same users, limits, TLS and passive range. PASV
 * announces the address that the client dialled, as there is no load balancer.
 * @returns the exit code of the engine, or 2 when the manifests are wrong
 */
export async function runServe(command: ServeCommand): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "ftp-operator-serve-"));
  try {
    const manifests = await readManifests(command.filename, command.namespace);
    const server = chosen(manifests, command.name);
    const config = await localConfig(server, manifests, directory, command);
    const configFile = join(directory, "engine.json");
    await writeFile(configFile, JSON.stringify(config), { mode: SECRET_FILE });
    await mkdir(config.storage.root, { recursive: true });
    say(`FtpServer ${server.metadata.name}: port ${command.port}, passive ports ${rangeOf(config)}`);
    say(
      `files in ${config.storage.root}; users: ${config.users.map(({ name }) => name).join(", ") || "none"}`,
    );
    return await runEngine({ configFile });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    error.message.split("\n").forEach(say);
    return EXIT_USAGE;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
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

/** The configuration that the operator would write, with what only a pod has replaced. */
async function localConfig(
  server: FtpServer,
  manifests: Manifests,
  directory: string,
  command: ServeCommand,
): Promise<EngineConfig> {
  const settings = {
    engineImage: "",
    imagePullPolicy: "Never",
    extraNodeAddresses: [],
    reachabilityChecks: false,
  } as const;
  const planned = plan(await observeManifests(server, manifests, settings));
  const secret = planned.apply.find((object) => object.kind === "Secret");
  const config = readConfigSecret(secret?.kind === "Secret" ? secret : undefined);
  if (config === undefined) throw new ManifestError(`${KIND} ${server.metadata.name} has no configuration`);
  const tls = config.tls && (await localTls(config.tls, server, manifests, directory));
  complaints(planned).forEach(say);
  const { tls: _inPod, ...rest } = config;
  return {
    ...rest,
    ...(tls && { tls }),
    controlPort: command.port,
    metricsPort: command.metricsPort,
    passive: { ...config.passive, address: { type: "ControlConnection" }, overrides: [] },
    storage: { root: resolve(command.directory ?? join(directory, "files")) },
    handOverSeconds: 0,
    drainPeriodSeconds: DRAIN_SECONDS,
  };
}

/** Writes the certificates of Secrets to files, as kubelet does in a pod. @throws ManifestError when one is not there */
async function localTls(
  tls: EngineTls,
  { metadata, spec }: FtpServer,
  { secrets }: Manifests,
  directory: string,
): Promise<EngineTls> {
  const write = async (secretName: string | undefined, key: string): Promise<string> => {
    const secret = secrets.find(
      (secret) => secret.metadata.name === secretName && secret.metadata.namespace === metadata.namespace,
    );
    const value = secret?.data[key];
    if (value === undefined) {
      throw new ManifestError(
        `Secret ${secretName} with the key ${key} is not among the manifests: add its file, or serve with spec.tls.mode Disabled`,
      );
    }
    const file = join(directory, `${secretName}-${key}`);
    await writeFile(file, Buffer.from(value, "base64"), { mode: SECRET_FILE });
    return file;
  };
  const { clientCertificates } = tls;
  return {
    ...tls,
    certificateFile: await write(spec.tls.secretName, CERTIFICATE_KEY),
    keyFile: await write(spec.tls.secretName, PRIVATE_KEY_KEY),
    clientCertificates:
      clientCertificates.mode === "Disabled"
        ? clientCertificates
        : {
            ...clientCertificates,
            caFile: await write(spec.tls.clientCertificates.caSecretName, AUTHORITIES_KEY),
          },
  };
}

function rangeOf({ passive: { portRange } }: EngineConfig): string {
  return `${portRange.first}-${portRange.last}`;
}

function say(line: string): void {
  process.stderr.write(`ftp-operator serve: ${line}\n`);
}
