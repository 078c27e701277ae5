/** Scenarios that together produce every reason for every condition. */
import assert from "node:assert/strict";
import type { FtpServerStatus } from "../../../src/api/ftpserver.generated.ts";
import { admitUsers } from "../../../src/plan/accounts/admission.ts";
import { SERVER_REASONS } from "../../../src/plan/conditions/reasons.ts";
import { orphanStatus } from "../../../src/plan/conditions/user-status.ts";
import type { CertificateFailure, Observed, ReachabilityOutcome } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { account } from "./account.ts";
import { notificationScenarios } from "./notification-scenarios.ts";
import { storageScenarios } from "./storage-scenarios.ts";
import { Cluster, NODES, observedOf, serverOf, specOf, type SpecPatch, userOf } from "./cluster.ts";

/** Collects the condition messages in statuses. */
class Collector {
  readonly messages = new Map<string, string>();

  readonly collect = ({ conditions = [] }: Pick<FtpServerStatus, "conditions">, prefix = ""): void => {
    for (const { type, reason, message } of conditions)
      this.messages.set(`${prefix}${type} ${reason}`, message);
  };

  /**
   * Collects the condition messages after a change in the cluster of an FtpServer that has reached its desired state.
   */
  readonly settled = (
    spec: SpecPatch,
    change: (cluster: Cluster) => Partial<Observed> | void = () => {},
  ): void => {
    const cluster = new Cluster(serverOf(spec));
    cluster.settle();
    const patch = change(cluster) ?? {};
    this.collect(cluster.step(patch).status);
  };
}

const { tls, passive } = specOf();
const certificateRef = { name: "demo-tls" };
const withTls: SpecPatch = { tls: { ...tls, mode: "Required", certificateRef } };
const nodePort = { type: "NodePort", controlPort: 21, nodePort: { controlPort: 30021 } } as const;
const highPorts = { ...passive, portRange: { first: 30100, last: 30109 } };
const someClients: NonNullable<SpecPatch["networkPolicy"]> = {
  mode: "Managed",
  allowedClients: ["192.0.2.0/24"],
  metricsFrom: [],
  egress: [],
};
function certificate(notBefore: string, notAfter: string): Partial<Observed> {
  return { certificates: { server: { notBefore, notAfter, version: "1" } } };
}

function failure(reason: CertificateFailure["reason"]): Partial<Observed> {
  const message = "Secret demo-tls not found. Create it.";
  return { certificates: { server: { failure: { reason, message }, version: "" } } };
}

function services({ settled }: Collector): void {
  const rejection = {
    ref: { apiVersion: "v1", kind: "Service", name: "demo" },
    message: "provided port is already allocated",
  };
  settled({}, () => ({ rejections: [rejection] }));
  settled({}, (cluster) => void cluster.all("Service")[0]?.spec.ports?.splice(1));
  const aws = { type: "LoadBalancer", controlPort: 21, loadBalancer: { provider: "AWS" } } as const;
  settled({ exposure: aws, passive: { ...passive, portRange: { first: 50000, last: 50080 } } });
  settled({ replicas: 2, networkPolicy: someClients });
  settled({ replicas: 2, networkPolicy: someClients }, () => ({ nodes: undefined }));
  settled({ exposure: nodePort, passive: highPorts, networkPolicy: someClients });
}

function addresses({ settled }: Collector): void {
  settled({ passive: { ...passive, address: { type: "Static", static: { address: "203.0.113.1" } } } });
  const hostname = { name: "ftp.example.com", refreshPeriodSeconds: 30 };
  settled({ passive: { ...passive, address: { type: "Hostname", hostname } } });
  settled({ passive: { ...passive, address: { type: "ControlConnection" } } });
  settled({ exposure: nodePort, passive: highPorts });
  settled({ exposure: nodePort, passive: highPorts }, () => ({ nodes: undefined }));
  settled({ exposure: nodePort, passive: highPorts }, () => ({ nodes: [] }));
  settled({ exposure: { type: "HostPort", controlPort: 21 } });
  settled({ exposure: { type: "ClusterIP", controlPort: 21 } });
  settled({ exposure: { type: "ClusterIP", controlPort: 21 } }, (cluster) => {
    delete cluster.all("Service")[0]?.spec.clusterIP;
  });
  const ingress = (entry: { ip?: string; hostname?: string }[], families?: ["IPv6"]): void =>
    settled({}, (cluster) => {
      const [service] = cluster.all("Service");
      assert.ok(service);
      service.status = { loadBalancer: { ingress: entry } };
      if (families !== undefined) service.spec.ipFamilies = families;
    });
  ingress([{ hostname: "lb.example.com" }]);
  ingress([{ ip: "2001:db8::1" }]);
  ingress([{ ip: "2001:db8::1" }], ["IPv6"]);
  ingress([]);
}

function certificates({ settled }: Collector): void {
  settled(withTls, () => certificate("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z"));
  settled(withTls, () => certificate("2025-01-01T00:00:00Z", "2026-01-03T00:00:00Z"));
  settled(withTls, () => certificate("2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z"));
  settled(withTls, () => certificate("2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z"));
  settled(withTls, () => ({ certificates: {} }));
  settled({ replicas: 2, tls: { ...tls, mode: "Required", dataProtection: "Required", certificateRef } });
  for (const reason of [
    "CertificateInvalid",
    "KeyMismatch",
    "SecretNotFound",
    "SecretKeyMissing",
    "ConfigMapNotFound",
    "ConfigMapKeyMissing",
  ] as const)
    settled(withTls, () => failure(reason));
}

function users({ settled }: Collector): void {
  settled({ users: [{ ...userOf("alice"), state: "Disabled" }] });
  settled({ users: [{ ...userOf("alice"), expiresAt: "2025-01-01T00:00:00Z" }] });
  settled({ replicas: 2, users: [{ ...userOf("alice"), allowedClients: ["192.0.2.1/32"] }] });
  settled({}, () => ({ passwords: new Map() }));
  for (const reason of ["SecretNotFound", "SecretKeyMissing", "SecretValueInvalid"] as const) {
    const passwords = new Map([["alice", { failure: { reason, message: "Secret alice not found." } }]]);
    settled({}, () => ({ passwords }));
  }
}

function pods({ settled }: Collector): void {
  settled({ replicas: 0 });
  settled({}, (cluster) => {
    const [pod] = cluster.all("Pod");
    if (pod !== undefined)
      pod.status = {
        containerStatuses: [{ name: "engine", state: { waiting: { reason: "ErrImagePull" } } }],
      };
  });
  settled({ replicas: 2 }, (cluster) => {
    const [pod] = cluster.all("Pod");
    if (pod !== undefined) pod.status = {};
  });
  settled({}, (cluster) => cluster.change({ pod: { image: "engine:2" } }));
  settled({}, (cluster) => cluster.change({ replicas: 2 }));
  settled({}, (cluster) => cluster.change({ replicas: 2, maintenance: { mode: "Enabled" } }));
  settled({}, (cluster) => {
    const [pod] = cluster.all("Pod");
    assert.ok(pod);
    pod.spec.nodeName = "one";
    cluster.deletePod(pod.metadata.name);
    const nodes = NODES.map((node) => ({ ...node, ready: node.name !== "one" }));
    cluster.step({ nodes });
    cluster.control();
    for (const other of cluster.all("Pod"))
      if (other !== pod) other.status = { conditions: [{ type: "Ready", status: "True" }] };
    return { nodes };
  });
}

function reachability({ settled }: Collector): void {
  const reachable = {
    type: "Reachable",
    commands: ["PASV", "EPSV"],
    hosts: ["192.0.2.10"],
    skipped: [],
  } as const;
  const outcomes: ReachabilityOutcome[] = [
    { ...reachable, unchecked: [] },
    { ...reachable, unchecked: ["b"] },
    ...Object.entries(SERVER_REASONS.PassiveReachable).flatMap(
      ([reason, { status }]): ReachabilityOutcome[] =>
        status === "False"
          ? [
              {
                type: "Unreachable",
                reason: reasonOf(reason),
                detail: "Connect: no answer",
                usualCause: "Check `status.endpoint`.",
              },
            ]
          : [],
    ),
  ];
  for (const outcome of outcomes) settled({}, () => ({ reachability: outcome }));
  settled({ reachabilityCheck: { mode: "Disabled", periodSeconds: 600 } });
  settled({ networkPolicy: someClients });
}

type FailureReason = Extract<ReachabilityOutcome, { type: "Unreachable" }>["reason"];

function reasonOf(text: string): FailureReason {
  const reasons: Readonly<Record<string, unknown>> = SERVER_REASONS.PassiveReachable;
  assert.ok(isReason(text, reasons));
  return text;
}

function isReason(text: string, reasons: object): text is FailureReason {
  return Object.hasOwn(reasons, text);
}

function blockers({ collect, settled }: Collector): void {
  collect(plan(observedOf(serverOf())).status);
  settled({ passive: { ...passive, portRange: { first: 50009, last: 50000 } } });
  settled({}, (cluster) => {
    for (const service of cluster.all("Service")) delete service.metadata.ownerReferences;
  });
  const ref = { apiVersion: "apps/v1", kind: "StatefulSet", name: "demo-a" };
  settled({}, () => ({ rejections: [{ ref, message: "exceeded quota: pods" }] }));
}

function ftpUsers({ collect }: Collector): void {
  const open = { userSources: { from: "Selector", namespaceSelector: {} } } as const;
  const namespaces = new Map(["files", "team-a"].map((name) => [name, {}]));
  const admit = (spec: SpecPatch, ...patches: Parameters<typeof account>[2][]): void => {
    const server = serverOf({ ...open, ...spec });
    const admissions = admitUsers(
      server,
      patches.map((patch, index) => account("team-a", `u${index}`, patch)),
      namespaces,
    );
    for (const password of [
      undefined,
      { hash: "h", source: "s" },
      ...(["SecretNotFound", "SecretKeyMissing", "SecretValueInvalid"] as const).map((reason) => ({
        failure: { reason, message: "Secret u0 not found. Create it." },
      })),
    ]) {
      const accountPasswords = new Map(password === undefined ? [] : [["team-a/u0", password] as const]);
      const { userStatuses } = plan(observedOf(server, { admissions, accountPasswords }));
      for (const { status } of userStatuses) collect(status, "FtpUser ");
    }
  };
  admit({}, {}, { loginName: "u0" }, { loginName: "ftp" }, { homeDirectory: "/elsewhere" });
  admit({}, { state: "Disabled" }, { expiresAt: "2025-01-01T00:00:00Z" });
  admit({}, { homeDirectory: "/../x" });
  admit({ userSources: { from: "None" } }, {});
  admit({ replicas: 2 }, { allowedClients: ["192.0.2.1/32"] });
  admit({}, { mounts: [{ path: "/archive", storage: "archive", subPath: "/", access: "ReadOnly" }] });
  const caRef = { kind: "Secret", name: "ca", key: "ca.crt" } as const;
  const clientCertificates = { mode: "Required", login: "CommonName", caRef } as const;
  const { passwordSecretRef: _, ...withoutPassword } = account("team-a", "x").spec;
  const user = { ...account("team-a", "x"), spec: withoutPassword };
  for (const more of [
    {},
    { tls: { ...tls, mode: "Required", certificateRef, clientCertificates } },
  ] as SpecPatch[]) {
    const server = serverOf({ ...open, ...more });
    const admissions = admitUsers(server, [user], namespaces);
    for (const { status } of plan(observedOf(server, { admissions })).userStatuses)
      collect(status, "FtpUser ");
  }
  const many = Array.from({ length: 501 }, (_, index) => account("team-a", `m${index}`));
  const admissions = admitUsers(serverOf(open), many, namespaces);
  for (const { status } of plan(observedOf(serverOf(open), { admissions })).userStatuses)
    collect(status, "FtpUser ");
  collect(orphanStatus(account("team-a", "x"), "files/demo", "2026-01-01T00:00:00Z").status, "FtpUser ");
}

/** Returns the messages of all conditions, keyed by condition and reason. */
export function collectMessages(): ReadonlyMap<string, string> {
  const scenarios = [
    services,
    addresses,
    certificates,
    users,
    ({ settled }: Collector) => storageScenarios(settled),
    ({ settled }: Collector) => notificationScenarios(settled),
    pods,
    reachability,
    blockers,
    ftpUsers,
  ];
  const collector = new Collector();
  for (const scenario of scenarios) scenario(collector);
  return collector.messages;
}
