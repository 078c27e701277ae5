import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { EngineConfig, EngineTls, PortRange } from "../../api/engine-config.ts";
import type { KubeObject } from "../../api/kubernetes.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { KIND } from "../../api/names.ts";
import { readConfigSecret } from "../../plan/desired/config-secret.ts";
import { CERTIFICATE_KEY, PRIVATE_KEY_KEY } from "../../plan/model/certificates.ts";
import { plan } from "../../plan/plan.ts";
import { ManifestError, type Manifests } from "../manifests/manifests.ts";
import { observeManifests } from "../manifests/observe.ts";
import { complaints } from "../commands/render.ts";

/** No cluster waits for a drain: transfers may end, idle sessions need not. */
export const DRAIN_SECONDS = 5;
const SECRET_FILE = 0o600;
const DEFAULT_NAMESPACE = "default";

/** What replaces the parts of a configuration that only a pod has. */
export interface LocalSettings {
  /** Directory that holds every home; undefined: one inside the work folder. */
  directory?: string;
  port: number;
  /** Undefined: the range of the manifest. */
  passivePorts?: PortRange;
  /** 0 where metrics are not served. */
  metricsPort: number;
}

/** An engine's configuration, and what the manifests lack for it. */
export interface LocalConfig {
  config: EngineConfig;
  /** A sentence for each violation that leaves the rest usable. */
  warnings: string[];
}

/**
 * Returns the configuration that the operator would write, with what only a pod has replaced. Certificates are written to files.
 * @param folder for the files
 * @throws ManifestError when a certificate is missing
 */
export async function localConfig(
  server: FtpServer,
  manifests: Manifests,
  folder: string,
  settings: LocalSettings,
): Promise<LocalConfig> {
  const planned = plan(
    await observeManifests(server, manifests, {
      engineImage: "",
      imagePullPolicy: "Never",
      extraNodeAddresses: [],
      reachabilityChecks: false,
    }),
  );
  const secret = planned.apply.find((object) => object.kind === "Secret");
  const config = readConfigSecret(secret?.kind === "Secret" ? secret : undefined);
  if (config === undefined) throw new ManifestError(`${KIND} ${server.metadata.name} has no configuration`);
  const tls = config.tls && (await localTls(config.tls, server, manifests, folder));
  return {
    config: withLocal(config, settings, { tls, root: resolve(settings.directory ?? join(folder, "files")) }),
    warnings: [...missingPasswords(server, manifests), ...complaints(planned).filter(isAboutMore)],
  };
}

function withLocal(
  // There is no proxy in front of this machine's ports.
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
    handOverSeconds: 0,
    drainPeriodSeconds: DRAIN_SECONDS,
  };
}

function missingPasswords({ metadata, spec }: FtpServer, { secrets }: Manifests): string[] {
  const { namespace = DEFAULT_NAMESPACE } = metadata;
  const place = namespace === DEFAULT_NAMESPACE ? "" : ` --namespace ${namespace}`;
  const isThere = (name: string): boolean =>
    secrets.some((secret) => secret.metadata.name === name && secret.metadata.namespace === namespace);
  return spec.users.flatMap(({ name, passwordSecretRef: wanted }) => {
    if (wanted === undefined || isThere(wanted.name)) return [];
    const command = `ftp-operator users hash --secret ${wanted.name}${place}`;
    return [
      `user ${name} cannot log in because Secret ${wanted.name} is not among the manifests: add its file with another -f (\`${command}\` prints one)`,
    ];
  });
}

/** Missing Secrets of users have a sentence of their own, without words about a cluster. */
function isAboutMore(complaint: string): boolean {
  return !complaint.startsWith("UsersReady (SecretNotFound)");
}

/**
 * Writes certificates to files, where the kubelet mounts them in a pod.
 * @throws ManifestError when one is not among the manifests
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
      throw new ManifestError(
        `${kind} ${name} with the key ${key} is not in the manifests. Add its file with -f, or set spec.tls.mode to Disabled`,
      );
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
