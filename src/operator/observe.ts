import { randomBytes } from "node:crypto";
import type { FtpServer } from "../api/ftpserver.generated.ts";
import type { FtpUser } from "../api/ftpuser.generated.ts";
import type { KubeObject, ObjectKey, ObjectRef } from "../api/kubernetes.ts";
import { childNames, KIND, USER_KIND } from "../api/names.ts";
import { wholeSeconds } from "../common/times.ts";
import type { KubeClient } from "../kube/client.ts";
import { KubeError } from "../kube/errors.ts";
import type { Informer } from "../kube/informer.ts";
import { keyOf } from "../kube/store.ts";
import { admitUsers } from "../plan/accounts/admission.ts";
import { readConfigSecret } from "../plan/desired/config-secret.ts";
import type { ConfigMap, PersistentVolumeClaim, Secret } from "../plan/model/objects.ts";
import type { Children, Observed, Rejection, Settings } from "../plan/model/observed.ts";
import { observeBuckets } from "./buckets.ts";
import type { CertificateReader, ConfigMaps, Secrets } from "./certificates.ts";
import type { EngineReportPoller } from "./engine-report-poller.ts";
import type { ExpectationCache } from "./expectation-cache.ts";
import {
  BY_SERVER,
  claimNamesOf,
  type DerivedCaches,
  type InformerSet,
  serverOfUser,
} from "./informer-set.ts";
import type { PasswordReader } from "./passwords.ts";
import type { ReachabilityProber } from "./reachability-prober.ts";

const TOKEN_BYTES = 32;

export interface ObserveDependencies {
  client: KubeClient;
  informers: InformerSet;
  derived: DerivedCaches;
  expectations: ExpectationCache;
  certificates: CertificateReader;
  passwords: PasswordReader;
  settings: Settings;
  prober: Pick<ReachabilityProber, "outcome">;
  poller: Pick<EngineReportPoller, "outcomes">;
}

/**
 * Returns the complete input for the plan of one FtpServer. The function reads from caches, and requests only new
 * versions of Secrets and ConfigMaps from the API server.
 * @param cached FtpServer from the informer cache
 * @param rejections writes that the API server rejected in the previous reconcile
 */
export async function observe(
  cached: FtpServer,
  rejections: readonly Rejection[],
  dependencies: ObserveDependencies,
  signal: AbortSignal,
): Promise<Observed> {
  const { client, informers, derived, expectations, settings } = dependencies;
  const key = keyOf(cached);
  const server = expectations.overlay(key, KIND, [cached], performance.now())[0] ?? cached;
  const { namespace = "" } = server.metadata;
  const children = observeChildren(server, dependencies);
  const currentConfig = readConfigSecret(children.configSecret);
  const secretsIn = (namespace: string): Secrets => ({
    metadata: (name) => informers.secretMetadata.get(`${namespace}/${name}`)?.metadata,
    read: (name) => readObject<Secret>(client, { kind: "Secret", namespace, name }, signal),
  });
  const configMaps: ConfigMaps = {
    metadata: (name) => informers.configMapMetadata.get(`${namespace}/${name}`)?.metadata,
    read: (name) => readObject<ConfigMap>(client, { kind: "ConfigMap", namespace, name }, signal),
  };
  const admissions = admitUsers(server, accountsOf(key, dependencies), derived.namespaceLabels());
  const secrets = secretsIn(namespace);
  const [passwords, certificates, accountPasswords, objectStorage] = await Promise.all([
    dependencies.passwords.read(server.spec.users, currentConfig, secrets, signal),
    dependencies.certificates.read(server.spec.tls, secrets, configMaps),
    dependencies.passwords.readAccounts(admissions, currentConfig, secretsIn, signal),
    observeBuckets(server, dependencies.certificates, secrets, configMaps),
  ]);
  return {
    now: wholeSeconds(client.clock.now()),
    server,
    settings,
    children,
    passwords,
    certificates,
    objectStorage,
    additionalClaims: additionalClaims(server, informers),
    admissions,
    accountPasswords,
    rejections,
    checkToken: currentConfig?.check?.token ?? randomBytes(TOKEN_BYTES).toString("base64url"),
    reachability: dependencies.prober.outcome(key),
    reports: dependencies.poller.outcomes(key),
    nodes: derived.nodes?.(),
  };
}

function additionalClaims(
  { metadata: { namespace = "" }, spec }: FtpServer,
  { claims }: InformerSet,
): Map<string, PersistentVolumeClaim> {
  return new Map(
    claimNamesOf(spec).flatMap((name) => {
      const claim = claims.get(`${namespace}/${name}`);
      return claim === undefined ? [] : [[name, claim]];
    }),
  );
}

/** Returns the FtpUsers that reference an FtpServer and are not being deleted. */
export function accountsOf(
  server: ObjectKey,
  { informers, expectations }: Pick<ObserveDependencies, "informers" | "expectations">,
): FtpUser[] {
  const cached = informers.users.byIndex(BY_SERVER, server);
  // The operator does not create FtpUsers. If only the expectations contain an FtpUser, the FtpUser has been deleted.
  const existing = new Set(cached.map(({ metadata }) => metadata.uid));
  return expectations
    .overlay(server, USER_KIND, cached, performance.now())
    .filter(({ metadata }) => existing.has(metadata.uid) && metadata.deletionTimestamp === undefined)
    .filter((user) => serverOfUser(user) === server);
}

function observeChildren(server: FtpServer, { informers, expectations }: ObserveDependencies): Children {
  const { name, namespace = "" } = server.metadata;
  const key = keyOf(server);
  const now = performance.now();
  const all = <T extends KubeObject>(informer: Informer<T>, kind: string): T[] =>
    expectations.overlay(key, kind, informer.byIndex(BY_SERVER, key), now).toSorted(byName);
  const one = <T extends KubeObject>(informer: Informer<T>, kind: string, child: string): T | undefined =>
    all(informer, kind).find(({ metadata }) => metadata.name === child);
  const claimName =
    server.spec.storage.persistentVolumeClaim?.claimName ?? childNames.persistentVolumeClaim(name);
  const claim = informers.claims.get(`${namespace}/${claimName}`);
  const single = {
    service: one(informers.services, "Service", childNames.service(name)),
    networkPolicy: one(informers.networkPolicies, "NetworkPolicy", childNames.networkPolicy(name)),
    podDisruptionBudget: one(
      informers.podDisruptionBudgets,
      "PodDisruptionBudget",
      childNames.podDisruptionBudget(name),
    ),
    serviceAccount: one(informers.serviceAccounts, "ServiceAccount", childNames.serviceAccount(name)),
    configSecret: one(informers.configSecrets, "Secret", childNames.configSecret(name)),
    persistentVolumeClaim: expectations
      .overlay(key, "PersistentVolumeClaim", claim === undefined ? [] : [claim], now)
      .find(({ metadata }) => metadata.name === claimName),
  };
  return {
    ...withoutUndefined(single),
    statefulSets: all(informers.statefulSets, "StatefulSet"),
    pods: all(informers.pods, "Pod"),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(object: T): Defined<T> {
  const defined: Defined<T> = { ...object };
  for (const key in defined) if (defined[key] === undefined) delete defined[key];
  return defined;
}

/** Resolves to undefined when the object does not exist. */
async function readObject<T extends KubeObject>(
  client: KubeClient,
  ref: Omit<ObjectRef, "apiVersion">,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await client.get<T>({ apiVersion: "v1", ...ref }, { signal });
  } catch (error) {
    if (error instanceof KubeError && error.reason === "NotFound") return undefined;
    throw error;
  }
}

function byName(a: KubeObject, b: KubeObject): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
