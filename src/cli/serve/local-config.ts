import { join, resolve } from "node:path";
import type { EngineConfig, PortRange } from "../../api/engine-config.ts";
import type { EngineTls } from "../../api/engine-tls.ts";
import type { EngineStorage } from "../../api/engine-storage.ts";
import type { FtpServer, FtpServerStorageObjectStorage } from "../../api/ftpserver.generated.ts";
import { KIND } from "../../api/names.ts";
import { readConfigSecret } from "../../plan/desired/config-secret.ts";
import { CERTIFICATE_KEY, PRIVATE_KEY_KEY } from "../../plan/model/observed.ts";
import { CommandError } from "../../common/command-error.ts";
import { missingObjects, type MissingObject, planFromManifests } from "../manifests/plan-from-manifests.ts";
import type { Manifests } from "../manifests/read-manifests.ts";
import { localBucket } from "./local-bucket.ts";
import { localNotifications } from "./local-notifications.ts";
import { ManifestFiles, type ObjectRef } from "./manifest-files.ts";

/**
 * Drain period in seconds. The period is short because no cluster depends on the drain. Open transfers can finish
 * within this period.
 */
export const DRAIN_SECONDS = 5;
const DEFAULT_NAMESPACE = "default";

/** Local values that replace settings for pods. */
export interface LocalSettings {
  /** Directory that contains all home directories. Defaults to a directory in the work folder. */
  directory?: string;
  port: number;
  /** Passive port range. Defaults to the range in the manifest. */
  passivePorts?: PortRange;
  /** Port for `/healthz`, `/readyz` and `/metrics`. The value 0 disables this port. */
  metricsPort: number;
}

/** An engine configuration and warnings about the manifests. */
export interface LocalConfig {
  config: EngineConfig;
  /** One sentence for each missing object that is not required to start the engine. */
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
  const files = new ManifestFiles(server.metadata.namespace, manifests, folder);
  const tls = config.tls && (await localTls(config.tls, server.spec, files));
  const { directory } = settings;
  const { warnings, ...storages } = await localStorages(config, server.spec, files, { directory, folder });
  const notifications =
    config.notifications &&
    (await localNotifications(config.notifications, server.spec, files, {
      folder,
      storage: storages.storage,
    }));
  return {
    config: withLocal(config, settings, {
      ...(tls && { tls }),
      ...(notifications && { notifications }),
      ...storages,
    }),
    warnings: [
      ...warnings,
      ...missingPasswords(server, manifests),
      ...missingObjects(planned)
        .filter(isNeededLocally)
        .map(({ text }) => text),
    ],
  };
}

function withLocal(
  // Clients connect to this machine directly, without a proxy.
  { tls: _inPod, additionalStorage: _volumes, proxyProtocol: _absent, ...config }: EngineConfig,
  { port, passivePorts, metricsPort }: LocalSettings,
  local: Pick<EngineConfig, "tls" | "notifications" | "storage" | "additionalStorage">,
): EngineConfig {
  return {
    ...config,
    ...local,
    controlPort: port,
    metricsPort,
    passive: {
      ...config.passive,
      portRange: passivePorts ?? config.passive.portRange,
      address: { type: "ControlConnection" },
      overrides: [],
    },
    handOverSeconds: 0,
    drainPeriodSeconds: DRAIN_SECONDS,
  };
}

/** Storage for home directories, additional storage, and warnings. */
interface LocalStorages {
  storage: EngineStorage;
  additionalStorage?: Record<string, EngineStorage>;
  warnings: string[];
}

/**
 * Replaces volumes with local directories, and bucket credentials with files. The directories for additional storage
 * have reserved names, which clients cannot access.
 */
async function localStorages(
  { storage, additionalStorage = {} }: EngineConfig,
  { storage: homes, additionalStorage: others }: FtpServer["spec"],
  files: ManifestFiles,
  { directory, folder }: { directory: string | undefined; folder: string },
): Promise<LocalStorages> {
  const warnings: string[] = [];
  const root = resolve(directory ?? join(folder, "files"));
  const local = async (
    name: string,
    inPod: EngineStorage,
    spec: FtpServerStorageObjectStorage | undefined,
    path: string,
  ): Promise<EngineStorage> => {
    if (!("objectStorage" in inPod) || spec === undefined) return { root: path };
    const bucket = await localBucket(inPod.objectStorage, spec, files, join(folder, `bucket-${name}`));
    warnings.push(...bucket.warnings);
    return { objectStorage: bucket.objectStorage };
  };
  const localHomes = directory === undefined ? homes.objectStorage : undefined;
  const additional: Record<string, EngineStorage> = {};
  for (const [name, inPod] of Object.entries(additionalStorage)) {
    const spec = others.find((one) => one.name === name)?.objectStorage;
    additional[name] = await local(`of-${name}`, inPod, spec, join(root, ADDITIONAL_STORAGE, name));
  }
  return {
    storage: await local("homes", storage, localHomes, root),
    ...(Object.keys(additional).length > 0 && { additionalStorage: additional }),
    warnings,
  };
}

/** Directory for additional storage. Clients cannot access names with this prefix. */
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
      `user ${name} cannot log in because Secret ${wanted.name} is not in the manifests; add the file of the Secret with -f, or create the Secret with \`${command}\``,
    ];
  });
}

/**
 * Returns whether to report a missing object. Objects for storage are not reported, because local directories replace
 * volumes. Password Secrets are not reported, because {@link missingPasswords} reports these Secrets with a hint for
 * local use.
 */
function isNeededLocally({ type, reason }: MissingObject): boolean {
  return type !== "StorageReady" && (type !== "UsersReady" || reason !== "SecretNotFound");
}

/**
 * Writes certificates to files. In a pod, the kubelet mounts the certificate files.
 * @throws CommandError if a certificate is not in the manifests
 */
async function localTls(tls: EngineTls, spec: FtpServer["spec"], files: ManifestFiles): Promise<EngineTls> {
  const write = (ref: ObjectRef, key: string): Promise<string> =>
    files.write(ref, key, "set spec.tls.mode to Disabled");
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
