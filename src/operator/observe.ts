import { randomBytes } from "node:crypto";
import type { FtpServer } from "../api/ftpserver.generated.ts";
import type { KubeObject, ObjectKey, ObjectRef } from "../api/kubernetes.ts";
import type { FtpUser } from "../api/ftpuser.generated.ts";
import { childNames, USER_KIND } from "../api/names.ts";
import type { KubeClient } from "../kube/client.ts";
import { KubeError } from "../kube/errors.ts";
import { wholeSeconds } from "../common/times.ts";
import type { Informer } from "../kube/informer.ts";
import { admitUsers } from "../plan/accounts/admission.ts";
import { readConfigSecret } from "../plan/desired/config-secret.ts";
import type { Children, Observed, Rejection, Settings } from "../plan/model/observed.ts";
import type { ConfigMap, Secret } from "../plan/model/objects.ts";
import type { CertificateReader, ConfigMaps, Secrets } from "./certificates.ts";
import type { PasswordReader } from "./passwords.ts";
import { BY_SERVER, serverKeyOf, type DerivedCaches, type InformerSet } from "./informer-set.ts";
import type { EngineReportPoller } from "./engine-report-poller.ts";
import type { ReachabilityProber } from "./reachability-prober.ts";
import type { ExpectationCache } from "./expectation-cache.ts";

const TOKEN_BYTES = 32;

export interface ObserveDependencies {
  client: KubeClient;
  informers: InformerSet;
  derived: DerivedCaches;
  written: ExpectationCache;
  certificates: CertificateReader;
  passwords: PasswordReader;
  settings: Settings;
  reachability: Pick<ReachabilityProber, "outcome">;
  reports: Pick<EngineReportPoller, "outcomes">;
}

/** Gathers everything that the plan of one FtpServer depends on: caches, what was just written, and new passwords. */
export async function observe(
  server: FtpServer,
  refusals: readonly Rejection[],
  dependencies: ObserveDependencies,
  signal: AbortSignal,
): Promise<Observed> {
  const { client, informers, derived, settings } = dependencies;
  const { namespace = "" } = server.metadata;
  const children = observeChildren(server, dependencies);
  const currentConfig = readConfigSecret(children.configSecret);
  const secretsOf = (namespace: string): Secrets => ({
    metadata: (name) => informers.secretMetadata.get(`${namespace}/${name}`)?.metadata,
    read: (name) => readObject<Secret>(client, { kind: "Secret", namespace, name }, signal),
  });
  const configMaps: ConfigMaps = {
    metadata: (name) => informers.configMapMetadata.get(`${namespace}/${name}`)?.metadata,
    read: (name) => readObject<ConfigMap>(client, { kind: "ConfigMap", namespace, name }, signal),
  };
  const admissions = admitUsers(server, accountsOf(server, dependencies), derived.namespaceLabels());
  const [passwords, certificates, accountPasswords] = await Promise.all([
    dependencies.passwords.read(server.spec.users, currentConfig, secretsOf(namespace), signal),
    dependencies.certificates.read(server.spec.tls, secretsOf(namespace), configMaps),
    dependencies.passwords.readAccounts(admissions, currentConfig, secretsOf, signal),
  ]);
  return {
    now: wholeSeconds(client.clock.now()),
    server,
    settings,
    children,
    passwords,
    certificates,
    admissions,
    accountPasswords,
    refusals,
    checkToken: currentConfig?.check?.token ?? randomBytes(TOKEN_BYTES).toString("base64url"),
    reachability: dependencies.reachability.outcome(`${namespace}/${server.metadata.name}`),
    reports: dependencies.reports.outcomes(`${namespace}/${server.metadata.name}`),
    nodes: derived.nodes?.(),
  };
}

/** FtpUsers that name a server, but for those that are going. */
export function accountsOf(
  { metadata: { namespace = "", name } }: Pick<FtpServer, "metadata">,
  { informers, written }: Pick<ObserveDependencies, "informers" | "written">,
): FtpUser[] {
  const key: ObjectKey = `${namespace}/${name}`;
  const cached = informers.users.find(BY_SERVER, key);
  // The operator makes none, so one that it has written to and that is not there any more is deleted, and not new.
  const there = new Set(cached.map(({ metadata }) => metadata.uid));
  return written
    .overlay(key, USER_KIND, cached, performance.now())
    .filter(({ metadata }) => there.has(metadata.uid) && metadata.deletionTimestamp === undefined)
    .filter((user) => serverKeyOf(user) === key);
}

function observeChildren(server: FtpServer, { informers, written }: ObserveDependencies): Children {
  const { name, namespace = "" } = server.metadata;
  const key: ObjectKey = `${namespace}/${name}`;
  const now = performance.now();
  const all = <T extends KubeObject>(informer: Informer<T>, kind: string): T[] =>
    written.overlay(key, kind, informer.find(BY_SERVER, key), now).toSorted(byMetadataName);
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
    persistentVolumeClaim: written
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

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function byMetadataName(a: KubeObject, b: KubeObject): number {
  return byName(a.metadata, b.metadata);
}
