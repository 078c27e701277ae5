import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DRAIN_WITHIN_VARIABLE } from "../../../src/api/engine-config.ts";
import type { FtpServerSpec } from "../../../src/api/ftpserver.generated.ts";
import { serverLabels } from "../../../src/api/names.ts";
import { TEMPLATE_HASH_ANNOTATION } from "../../../src/plan/model/objects.ts";
import type { PodTemplate, StatefulSet } from "../../../src/plan/model/objects.ts";
import { childOf } from "../../support/plan/children-of.ts";
import { userOf, type SpecPatch, type StoragePatch } from "../../support/plan/cluster.ts";

function set(spec: SpecPatch = {}): StatefulSet {
  const object = childOf("StatefulSet", spec);
  assert.ok(object);
  return object;
}

function template(spec: SpecPatch = {}): PodTemplate {
  return set(spec).spec.template;
}

function engine(spec: SpecPatch = {}): Record<string, unknown> {
  const [container] = template(spec).spec.containers;
  assert.ok(container);
  return container;
}

function hash(spec: SpecPatch): string | undefined {
  return template(spec).metadata.annotations[TEMPLATE_HASH_ANNOTATION];
}

function variables(spec: SpecPatch): Record<string, string> {
  const [container] = template(spec).spec.containers;
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
}

function asObject(value: unknown): object {
  assert.ok(typeof value === "object" && value !== null);
  return value;
}

describe("the StatefulSet of a slot", () => {
  test("has one pod, and selects it by its slot", () => {
    const { spec, metadata } = set();
    assert.equal(metadata.name, "demo-a");
    assert.equal(spec.replicas, 1);
    assert.equal(spec.selector.matchLabels["ftp-operator.io/slot"], "a");
    assert.deepEqual(spec["updateStrategy"], { type: "OnDelete" });
    for (const [key, value] of Object.entries(spec.selector.matchLabels)) {
      assert.equal(spec.template.metadata.labels[key], value);
    }
  });

  test("declares only the ports of its slice, and passes them to the engine", () => {
    const names = template().spec.containers[0]?.ports?.map(({ name }) => name);
    const slice = ["pasv-50000", "pasv-50001", "pasv-50002", "pasv-50003", "pasv-50004"];
    assert.deepEqual(names, ["ftp", "metrics", ...slice]);
    const args = [
      "engine",
      "--config",
      "/etc/ftp-operator/engine/engine.json",
      "--passive-ports",
      "50000-50004",
      "--admin-socket",
      "/run/ftp-operator/admin.sock",
    ];
    assert.deepEqual(engine()["args"], args);
  });

  test("conforms to the restricted Pod Security Standard", () => {
    const { securityContext, ...pod } = template().spec;
    assert.deepEqual(securityContext, {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    });
    assert.deepEqual(engine()["securityContext"], {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    assert.equal(pod["automountServiceAccountToken"], false);
    assert.equal(pod["enableServiceLinks"], false);
  });

  test("permits a low source port only by a sysctl that the standard permits", () => {
    const active = (sourcePort: number): SpecPatch => ({
      active: { mode: "Enabled", sourcePort },
    });
    const { securityContext } = template(active(20)).spec;
    assert.deepEqual(securityContext, {
      ...asObject(template().spec["securityContext"]),
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "20" }],
    });
    assert.deepEqual(engine(active(20))["securityContext"], engine()["securityContext"]);
    assert.notEqual(hash(active(20)), hash(active(21)), "a pod has it from its start");
    assert.notEqual(hash(active(1023)), hash({}));
    assert.equal(hash(active(1024)), hash({}), "that needs none");
  });

  test("has a grace period for the drain, and passes it to the engine", () => {
    const rollout: FtpServerSpec["rollout"] = {
      type: "Surge",
      handOverSeconds: 10,
      drainPeriodSeconds: 60,
    };
    assert.equal(template({ rollout }).spec["terminationGracePeriodSeconds"], 85);
    assert.equal(variables({ rollout })[DRAIN_WITHIN_VARIABLE], "70");
  });

  test("mounts the configuration as a directory, so that kubelet updates it", () => {
    const mounts = [
      { name: "config", mountPath: "/etc/ftp-operator/engine", readOnly: true },
      { name: "storage", mountPath: "/srv/ftp" },
      { name: "admin", mountPath: "/run/ftp-operator" },
    ];
    assert.deepEqual(engine()["volumeMounts"], mounts);
  });

  const volumes: [what: string, storage: StoragePatch, expected: object][] = [
    ["an emptyDir with a limit by default", { type: "Ephemeral" }, { emptyDir: { sizeLimit: "5Gi" } }],
    [
      "an emptyDir with the limit of the spec",
      { type: "Ephemeral", ephemeral: { sizeLimit: "1Gi" } },
      { emptyDir: { sizeLimit: "1Gi" } },
    ],
    [
      "the named claim",
      { type: "PersistentVolumeClaim", persistentVolumeClaim: { claimName: "files", whenDeleted: "Retain" } },
      { persistentVolumeClaim: { claimName: "files" } },
    ],
    [
      "the claim of the template",
      {
        type: "PersistentVolumeClaim",
        persistentVolumeClaim: {
          create: { accessModes: ["ReadWriteOnce"], size: "1Gi" },
          whenDeleted: "Retain",
        },
      },
      { persistentVolumeClaim: { claimName: "demo-data" } },
    ],
  ];
  for (const [what, storage, expected] of volumes) {
    test(`stores files in ${what}`, () => {
      const claim = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim" as const,
        metadata: { name: "files", labels: serverLabels("demo") },
        spec: {},
      };
      const observed = { children: { statefulSets: [], pods: [], persistentVolumeClaim: claim } };
      const spec = childOf("StatefulSet", { storage }, observed)?.spec.template.spec["volumes"];
      assert.deepEqual(spec, [
        { name: "config", secret: { secretName: "demo-config", defaultMode: 0o440 } },
        { name: "storage", ...expected },
        { name: "admin", emptyDir: { sizeLimit: "1Mi" } },
      ]);
    });
  }

  test("contains the fields of spec.pod", () => {
    const pod = {
      metadata: { labels: { team: "files" }, annotations: { note: "x" } },
      image: "mirror.example.com/engine:2",
      resources: { requests: { cpu: "100m" } },
      nodeSelector: { disk: "ssd" },
      affinity: {},
      priorityClassName: "high",
    };
    const { metadata, spec } = template({ pod });
    assert.equal(metadata.labels["team"], "files");
    assert.equal(metadata.annotations["note"], "x");
    assert.equal(engine({ pod })["image"], pod.image);
    assert.deepEqual(engine({ pod })["resources"], pod.resources);
    assert.deepEqual(
      [spec["nodeSelector"], spec["affinity"], spec["priorityClassName"]],
      [{ disk: "ssd" }, {}, "high"],
    );
  });

  test("has resources by default, which the spec replaces as a unit", () => {
    assert.deepEqual(engine()["resources"], {
      requests: { cpu: "100m", memory: "192Mi" },
      limits: { memory: "512Mi" },
    });
    const resources = { limits: { memory: "1Gi" } };
    assert.deepEqual(engine({ pod: { resources } })["resources"], resources);
  });

  test("passes the fields for scheduling, names and environment to the pod", () => {
    const fields = {
      runtimeClassName: "gvisor",
      schedulerName: "own",
      dnsPolicy: "None" as const,
      dnsConfig: { nameservers: ["192.0.2.53"], options: [{ name: "ndots", value: "2" }] },
      hostAliases: [{ ip: "192.0.2.10", hostnames: ["partner.example"] }],
    };
    const env = [{ name: "HTTPS_PROXY", value: "http://proxy.example:3128" }];
    const { spec } = template({ pod: { ...fields, env } });
    assert.deepEqual(Object.fromEntries(Object.keys(fields).map((name) => [name, spec[name]])), fields);
    assert.equal(variables({ pod: { env } })["HTTPS_PROXY"], "http://proxy.example:3128");
  });

  test("places pods on one node with Local, and spreads them with Cluster", () => {
    const one = template({ replicas: 1 }).spec;
    assert.ok("affinity" in one && !("topologySpreadConstraints" in one));
    const two = template({ replicas: 2 }).spec;
    assert.ok("topologySpreadConstraints" in two && !("affinity" in two));
  });

  test("has a template hash that changes only with fields that require a new pod", () => {
    const base = hash({});
    assert.notEqual(hash({ pod: { image: "engine:2" } }), base);
    assert.notEqual(hash({ pod: { securityContext: { runAsUser: 1000 } } }), base);
    assert.notEqual(hash({ storage: { ephemeral: { sizeLimit: "6Gi" } } }), base);
    assert.notEqual(hash({ rollout: { type: "Surge", handOverSeconds: 10, drainPeriodSeconds: 1 } }), base);
    assert.equal(hash({ banner: "Hello", users: [userOf("zoe")], active: { mode: "Enabled" } }), base);
  });
});
