import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { EngineConfig, EngineTls, PortRange } from "../../api/engine-config.ts";
import type { KubeObject } from "../../api/kubernetes.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { KIND } from "../../api/names.ts";
import { readConfigSecret } from "../../plan/desired/config-secret.ts";
import { CERTIFICATE_KEY, PRIVATE_KEY_KEY } from "../../plan/model/observed.ts";
import { CommandError } from "../../common/command-error.ts";
import { missingObjects, type MissingObject, planFromManifests } from "../manifests/plan-from-manifests.ts";
import type { Manifests } from "../manifests/read-manifests.ts";

/** The drain period is short because no cluster waits for the drain. Transfers can finish, and idle sessions end. */
export const DRAIN_SECONDS = 5;
const SECRET_FILE = 0o600;
const DEFAULT_NAMESPACE = "default";

/** Local values for settings that apply only in a pod. */
export interface LocalSettings {
  /** Directory that contains all home directories. Defaults to a directory in the work folder. */
  directory?: string;
  port: number;
  /** Passive port range. Defaults to the range in the manifest. */
  passivePorts?: PortRange;
  /** Port for /healthz, /readyz and /metrics. With 0, the engine does not serve these paths. */
  metricsPort: number;
}

/** An engine configuration and warnings about the manifests. */
export interface LocalConfig {
  config: EngineConfig;
  /** One sentence for each missing object that the engine does not require. */
  warnings: string[];
}

/**
 * Returns the configuration that the operator would write, adapted to this machine. Writes the certificates to files.
 * @param folder folder for the certificate files
 * @throws CommandError if a certificate is missing
 */
export async function localConfig(
  server: FtpServer,
  manifests: Manifests,
  folder: string,
  settings: LocalSettings,
): Promise<LocalConfig> {
  const planned = await planFromManifests(server, manifests, {
    engineImage: "",
    imagePullPolicy: "Never",
    extraNodeAddresses: [],
    reachabilityChecks: false,
  });
  const secret = planned.apply.find((object) => object.kind === "Secret");
  const config = readConfigSecret(secret?.kind === "Secret" ? secret : undefined);
  if (config === undefined)
    throw new CommandError(`${KIND} without a configuration: ${server.metadata.name}`);
  const tls = config.tls && (await localTls(config.tls, server, manifests, folder));
  return {
    config: withLocal(config, settings, { tls, root: resolve(settings.directory ?? join(folder, "files")) }),
    warnings: [
      ...missingPasswords(server, manifests),
      ...missingObjects(planned)
        .filter(isNoPasswordSecret)
        .map(({ text }) => text),
    ],
  };
}

function withLocal(
  // Clients connect to this machine directly, without a proxy.
  { tls: _inPod, proxyProtocol: _absent, ...config }: EngineConfig,
  { port, passivePorts, metricsPort }: LocalSettings,
  { tls, root }: { tls: EngineTls | undefined; root: string },
): EngineConfig {
  return {
    ...config,
    ...(tls && { tls }),
    controlPort: port,
    metricsPort,
    passive: {
      ...config.passive,
      portRange: passivePorts ?? config.passive.portRange,
      address: { type: "ControlConnection" },
      overrides: [],
    },
    storage: { root },
    ...localAdditionalStorage(config, root),
    handOverSeconds: 0,
    drainPeriodSeconds: DRAIN_SECONDS,
  };
}

/** Replaces additional volumes by directories that clients cannot see, because their names are reserved. */
function localAdditionalStorage(
  { additionalStorage }: EngineConfig,
  root: string,
): Pick<EngineConfig, "additionalStorage"> {
  if (additionalStorage === undefined) return {};
  const local = Object.entries(additionalStorage).map(([name, storage]) => [
    name,
    "root" in storage ? { root: join(root, ADDITIONAL_STORAGE, name) } : storage,
  ]);
  return { additionalStorage: Object.fromEntries(local) };
}

/** Name with the prefix of names that clients cannot use. */
const ADDITIONAL_STORAGE = ".ftp-operator-additional";

function missingPasswords({ metadata, spec }: FtpServer, { secrets }: Manifests): string[] {
  const { namespace = DEFAULT_NAMESPACE } = metadata;
  const place = namespace === DEFAULT_NAMESPACE ? "" : ` --namespace ${namespace}`;
  const isThere = (name: string): boolean =>
    secrets.some((secret) => secret.metadata.name === name && secret.metadata.namespace === namespace);
  return spec.users.flatMap(({ name, passwordSecretRef: wanted }) => {
    if (wanted === undefined || isThere(wanted.name)) return [];
    const command = `ftp-operator users hash --secret ${wanted.name}${place}`;
    return [
      `user ${name} cannot log in because Secret ${wanted.name} is not in the manifests; add its file with -f, or create it with \`${command}\``,
    ];
  });
}

/**
 * Excludes the password Secrets of users because {@link missingPasswords} reports missing passwords with a hint for local use.
 */
function isNoPasswordSecret({ type, reason }: MissingObject): boolean {
  return type !== "UsersReady" || reason !== "SecretNotFound";
}

/**
 * Writes certificates to files. In a pod, the kubelet mounts the certificate files.
 * @throws CommandError if a certificate is not in the manifests
 */
async function localTls(
  tls: EngineTls,
  { metadata: { namespace }, spec }: FtpServer,
  { secrets, configMaps }: Manifests,
  folder: string,
): Promise<EngineTls> {
  const write = async (
    { kind, name = "" }: { kind: "Secret" | "ConfigMap"; name?: string | undefined },
    key: string,
  ): Promise<string> => {
    const isReferenced = ({ metadata }: KubeObject): boolean =>
      metadata.name === name && metadata.namespace === namespace;
    const text =
      kind === "Secret"
        ? decoded(secrets.find(isReferenced)?.data[key])
        : configMaps.find(isReferenced)?.data?.[key];
    if (text === undefined) {
      throw new CommandError(`${kind} with the key ${key} is not in the manifests: ${name}`, {
        hint: `add the file of the ${kind} with -f, or set spec.tls.mode to Disabled`,
      });
    }
    const file = join(folder, `${kind}-${name}-${key}`);
    await writeFile(file, text, { mode: SECRET_FILE });
    return file;
  };
  const { clientCertificates } = tls;
  const { certificateRef } = spec.tls;
  const { caRef } = spec.tls.clientCertificates;
  const secret = { kind: "Secret", name: certificateRef?.name } as const;
  return {
    ...tls,
    certificateFile: await write(secret, CERTIFICATE_KEY),
    keyFile: await write(secret, PRIVATE_KEY_KEY),
    clientCertificates:
      clientCertificates.mode === "Disabled" || caRef === undefined
        ? { mode: "Disabled" }
        : { ...clientCertificates, caFile: await write(caRef, caRef.key) },
  };
}

function decoded(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(text, "base64");
}
