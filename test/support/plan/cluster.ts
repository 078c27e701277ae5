import type { EngineConfig } from "../../../src/api/engine-config.ts";
import type { FtpServer, FtpServerSpec } from "../../../src/api/ftpserver.generated.ts";
import type { ObjectRef } from "../../../src/api/kubernetes.ts";
import { checked } from "../../../src/api/validate.ts";
import type { NodeAddresses, Observed, PasswordOutcome } from "../../../src/plan/model/observed.ts";
import type { ChildObject, Pod, Service, StatefulSet } from "../../../src/plan/model/objects.ts";
import { plan } from "../../../src/plan/plan.ts";
import type { Plan } from "../../../src/plan/plan.ts";

/** A spec in the form that a user writes. Every field is optional. */
export type SpecPatch = Optional<FtpServerSpec>;
export type ExposurePatch = NonNullable<SpecPatch["exposure"]>;
export type StoragePatch = NonNullable<SpecPatch["storage"]>;
export type LoadBalancerPatch = NonNullable<ExposurePatch["loadBalancer"]>;

type Optional<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: Optional<T[K]> }
    : T;

/**
 * Returns a spec with all defaults, in the form that the API server stores. The spec contains one user unless `patch`
 * contains users.
 */
export function specOf(patch: SpecPatch = {}): FtpServerSpec {
  const object = { apiVersion: "ftp-operator.io/v1alpha1", kind: "FtpServer", metadata: { name: "demo" } };
  const result = checked("FtpServer", { ...object, spec: { users: [userOf("alice")], ...patch } });
  // An API server with an older CRD can store an invalid spec.
  return "value" in result ? result.value.spec : Object.assign(specOf(), patch);
}

export function userOf(name: string): FtpServerSpec["users"][number] {
  return {
    name,
    passwordSecretRef: { name, key: "password" },
    permissions: ["List", "Read"],
    allowedClients: [],
    state: "Enabled" as const,
    directories: [],
    mounts: [],
  };
}

export function serverOf(patch: SpecPatch = {}): FtpServer {
  return {
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name: "demo", namespace: "files", uid: "server-uid", generation: 1 },
    spec: specOf(patch),
  };
}

export const NODES: readonly NodeAddresses[] = [
  { name: "one", ready: true, addresses: [{ type: "InternalIP", address: "198.51.100.11" }] },
  { name: "two", ready: true, addresses: [{ type: "InternalIP", address: "198.51.100.12" }] },
];

/** Returns an observation without child objects. */
export function observedOf(server: FtpServer, patch: Partial<Observed> = {}): Observed {
  return {
    now: "2026-01-01T00:00:00Z",
    server,
    settings: {
      engineImage: "engine:1",
      imagePullPolicy: "IfNotPresent",
      extraNodeAddresses: [],
      reachabilityChecks: true,
    },
    checkToken: "0123456789abcdef0123456789abcdef",
    children: { statefulSets: [], pods: [] },
    passwords: new Map<string, PasswordOutcome>(
      server.spec.users.map(({ name }) => [name, { hash: `$scrypt$${name}`, source: `${name}/1/password` }]),
    ),
    certificates: {},
    admissions: [],
    accountPasswords: new Map(),
    nodes: NODES,
    objectStorage: new Map(),
    additionalClaims: new Map(),
    ...patch,
  };
}

type WorldObject = ChildObject | Pod;
type OfKind<K> = Extract<WorldObject, { kind: K }>;

/**
 * Simulates the parts of a cluster that a plan observes: an API server with defaults, the StatefulSet controller, a
 * load balancer, and pods that become ready and terminate.
 */
export class Cluster {
  server: FtpServer;
  loadBalancerAddress: string | undefined = "192.0.2.10";
  readonly objects = new Map<string, WorldObject>();
  /** All writes since the last reset: applied, deleted and annotated objects, and changed statuses. */
  writes: string[] = [];
  #serial = 0;

  constructor(server: FtpServer) {
    this.server = structuredClone(server);
  }

  observe(patch: Partial<Observed> = {}): Observed {
    this.#serial += 1;
    const now = new Date(Date.UTC(2026, 0, 1) + this.#serial * 1000).toISOString();
    const children = {
      service: this.#one("Service"),
      networkPolicy: this.#one("NetworkPolicy"),
      podDisruptionBudget: this.#one("PodDisruptionBudget"),
      serviceAccount: this.#one("ServiceAccount"),
      configSecret: this.#one("Secret"),
      persistentVolumeClaim: this.#one("PersistentVolumeClaim"),
    };
    const there = Object.fromEntries(Object.entries(children).filter(([, child]) => child !== undefined));
    return structuredClone(
      observedOf(this.server, {
        now,
        children: { ...there, statefulSets: this.all("StatefulSet"), pods: this.all("Pod") },
        ...patch,
      }),
    );
  }

  /** Computes one plan and applies it to the simulated cluster. */
  step(patch: Partial<Observed> = {}): Plan {
    const result = plan(this.observe(patch));
    for (const object of result.apply) this.apply(object);
    for (const { ref, uid } of result.delete) this.#delete(ref, uid);
    for (const { ref, metadata } of result.patchPods) {
      const pod = this.objects.get(keyOf(ref.kind, ref.name));
      if (pod === undefined) throw new Error(`no pod ${ref.name}`);
      pod.metadata.annotations = merged(pod.metadata.annotations, metadata.annotations);
      pod.metadata.labels = merged(pod.metadata.labels, metadata.labels);
      this.writes.push(`annotate ${ref.name}`);
    }
    if (JSON.stringify(result.status) !== JSON.stringify(this.server.status)) this.writes.push("status");
    this.server.status = structuredClone(result.status);
    return result;
  }

  /** Applies an object like the API server, which adds fields and defaults. */
  apply(desired: ChildObject): void {
    const key = keyOf(desired.kind, desired.metadata.name);
    const old = this.objects.get(key);
    this.writes.push(`apply ${key}`);
    this.#serial += 1;
    const object = structuredClone(desired);
    const { uid = `uid-${this.#serial}` } = old?.metadata ?? {};
    object.metadata = { ...object.metadata, uid, resourceVersion: String(this.#serial) };
    this.objects.set(key, withDefaults(object, old));
  }

  change(patch: SpecPatch): void {
    const { metadata } = this.server;
    this.server.metadata = { ...metadata, generation: (metadata.generation ?? 0) + 1 };
    this.server.spec = specOf({ ...this.server.spec, ...patch });
  }

  /** Runs the controllers of the simulated cluster once. */
  control(): void {
    for (const set of this.all("StatefulSet")) this.#controlSet(set);
    const service = this.#one("Service");
    if (service?.spec.type === "LoadBalancer" && this.loadBalancerAddress !== undefined) {
      service.status = { loadBalancer: { ingress: [{ ip: this.loadBalancerAddress }] } };
    }
    const claim = this.#one("PersistentVolumeClaim");
    if (claim !== undefined) claim.status = { phase: "Bound" };
  }

  makeReady(): void {
    for (const pod of this.all("Pod")) {
      pod.status = {
        phase: "Running",
        hostIP: "198.51.100.11",
        conditions: [{ type: "Ready", status: "True" }],
      };
    }
  }

  deletePod(name: string): void {
    const pod = this.objects.get(keyOf("Pod", name));
    if (pod !== undefined) pod.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
  }

  endDrains(): void {
    for (const pod of this.all("Pod")) {
      if (pod.metadata.deletionTimestamp !== undefined) this.objects.delete(keyOf("Pod", pod.metadata.name));
    }
  }

  /** Computes and applies plans until a plan writes nothing. Returns the last plan. */
  settle(patch: Partial<Observed> = {}, maxRounds = 60): Plan {
    for (let round = 0; round < maxRounds; round += 1) {
      const before = JSON.stringify([...this.objects]);
      this.writes = [];
      const result = this.step(patch);
      this.control();
      this.makeReady();
      this.endDrains();
      if (this.writes.length === 0 && JSON.stringify([...this.objects]) === before) return result;
    }
    throw new Error(`still written after ${maxRounds} rounds: ${this.writes.join(", ")}`);
  }

  all<K extends WorldObject["kind"]>(kind: K): OfKind<K>[] {
    return [...this.objects.values()].filter((object): object is OfKind<K> => object.kind === kind);
  }

  #one<K extends WorldObject["kind"]>(kind: K): OfKind<K> | undefined {
    return this.all(kind)[0];
  }

  #controlSet(set: StatefulSet): void {
    const name = `${set.metadata.name}-0`;
    const pod = this.objects.get(keyOf("Pod", name));
    if (set.spec.replicas === 0 && pod !== undefined) this.deletePod(name);
    if (set.spec.replicas === 0 || pod !== undefined) return;
    const { metadata, spec } = structuredClone(set.spec.template);
    const made: Pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...metadata, name, namespace: "files", uid: `${name}-uid` },
      spec,
    };
    this.objects.set(keyOf("Pod", name), made);
  }

  #delete(ref: ObjectRef, uid: string): void {
    const key = keyOf(ref.kind, ref.name);
    if (this.objects.get(key)?.metadata.uid !== uid) throw new Error(`deletes ${key}, which has another uid`);
    if (ref.kind === "Pod") this.deletePod(ref.name);
    else this.objects.delete(key);
    this.writes.push(`delete ${key}`);
  }
}

/** Returns the engine configuration that the Secret contains. */
export function engineConfigOf(cluster: Cluster): EngineConfig {
  const [secret] = cluster.all("Secret");
  const text = Buffer.from(secret?.data["engine.json"] ?? "", "base64").toString("utf8");
  const config: EngineConfig = JSON.parse(text);
  return config;
}

function keyOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}

/** Adds defaults of the API server. The plan must not treat these defaults as changes. */
function withDefaults(object: ChildObject, old: WorldObject | undefined): ChildObject {
  const kept = old !== undefined && "status" in old ? Object.assign({ status: old.status }, object) : object;
  if (kept.kind === "Service") return serviceDefaults(kept, old);
  return kept.kind === "StatefulSet" ? statefulSetDefaults(kept) : kept;
}

function serviceDefaults(service: Service, old: WorldObject | undefined): Service {
  const ports = (service.spec.ports ?? []).map((port, index) => ({ nodePort: 31000 + index, ...port }));
  const { ipFamilies = ["IPv4"] } = old?.kind === "Service" ? old.spec : {};
  const spec = { clusterIP: "198.19.0.7", ipFamilies, sessionAffinity: "None", ...service.spec, ports };
  return { ...service, spec };
}

function statefulSetDefaults(set: StatefulSet): StatefulSet {
  const { template } = set.spec;
  const containers = template.spec.containers.map((container) =>
    Object.assign({ terminationMessagePath: "/dev/termination-log" }, container),
  );
  const spec = { restartPolicy: "Always", dnsPolicy: "ClusterFirst", ...template.spec, containers };
  return { ...set, spec: { revisionHistoryLimit: 10, ...set.spec, template: { ...template, spec } } };
}

/** Applies a merge patch to labels or annotations. */
function merged(
  texts: Record<string, string> = {},
  patch: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const entries = Object.entries({ ...texts, ...patch });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}
