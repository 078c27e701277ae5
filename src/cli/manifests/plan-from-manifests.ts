/** Computes the operator's plan for an FtpServer in manifests, without a cluster. */
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { KubeObject } from "../../api/kubernetes.ts";
import { wholeSeconds } from "../../common/times.ts";
import { observeBuckets } from "../../operator/buckets.ts";
import { CertificateReader, type ConfigMaps, type Secrets } from "../../operator/certificates.ts";
import { PasswordReader } from "../../operator/passwords.ts";
import { admitUsers } from "../../plan/accounts/admission.ts";
import type { Observed, Settings } from "../../plan/model/observed.ts";
import { plan, type Plan } from "../../plan/plan.ts";
import type { Manifests } from "./read-manifests.ts";

/** Placeholder for the random token that the operator creates for each FtpServer. */
const CHECK_TOKEN = "the-operator-makes-a-random-one-for-each-server";

/** Returns the plan for a cluster that contains only the objects in the manifests. */
export async function planFromManifests(
  server: FtpServer,
  manifests: Manifests,
  settings: Settings,
): Promise<Plan> {
  return plan(await observe(server, manifests, settings));
}

async function observe(
  server: FtpServer,
  { users, secrets, configMaps, namespaceLabels }: Manifests,
  settings: Settings,
): Promise<Observed> {
  const { name, namespace = "" } = server.metadata;
  const secretsOf = (secretNamespace: string): Secrets => {
    const find = (wanted: string) => named(secrets, secretNamespace, wanted);
    return { metadata: (wanted) => find(wanted)?.metadata, read: async (wanted) => find(wanted) };
  };
  const configMapsOfServer: ConfigMaps = {
    metadata: (wanted) => named(configMaps, namespace, wanted)?.metadata,
    read: async (wanted) => named(configMaps, namespace, wanted),
  };
  const usersOfServer = users.filter(
    ({ metadata, spec: { serverRef } }) =>
      serverRef.name === name && (serverRef.namespace ?? metadata.namespace) === namespace,
  );
  const passwords = new PasswordReader();
  const certificates = new CertificateReader();
  const { signal } = new AbortController();
  const admissions = admitUsers(server, usersOfServer, namespaceLabels);
  return {
    now: wholeSeconds(new Date()),
    server,
    settings,
    children: { statefulSets: [], pods: [] },
    passwords: await passwords.read(server.spec.users, undefined, secretsOf(namespace), signal),
    certificates: await certificates.read(server.spec.tls, secretsOf(namespace), configMapsOfServer),
    objectStorage: await observeBuckets(server, certificates, secretsOf(namespace), configMapsOfServer),
    additionalClaims: new Map(),
    admissions,
    accountPasswords: await passwords.readAccounts(admissions, undefined, secretsOf, signal),
    nodes: undefined,
    checkToken: CHECK_TOKEN,
  };
}

function named<T extends KubeObject>(objects: readonly T[], namespace: string, name: string): T | undefined {
  return objects.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}

/** A condition of an FtpServer or FtpUser that depends only on manifests. */
export interface MissingObject {
  type: string;
  reason: string;
  /** Human-readable text, for example `TLSReady (SecretNotFound): Secret a …`. */
  text: string;
}

/** Conditions that depend only on the manifests. All other conditions depend on a cluster. */
const CONDITIONS: ReadonlySet<string> = new Set(["Stalled", "StorageReady", "UsersReady", "TLSReady"]);

/** Returns conditions about required objects that the manifests do not contain. */
export function missingObjects({ status, userStatuses }: Plan): MissingObject[] {
  const own = (status.conditions ?? [])
    .filter(
      ({ type, status: state }) => CONDITIONS.has(type) && state === (type === "Stalled" ? "True" : "False"),
    )
    .map(({ type, reason, message }) => ({ type, reason, text: `${type} (${reason}): ${message}` }));
  const users = userStatuses.flatMap(({ status: { conditions = [] } }) =>
    conditions
      .filter(({ type, status: state }) => type === "Ready" && state === "False")
      .map(({ reason, message }) => ({
        type: "FtpUser",
        reason,
        text: `FtpUser (${reason}): ${message}`,
      })),
  );
  return [...own, ...users];
}
