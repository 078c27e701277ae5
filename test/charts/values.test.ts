import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Rendered } from "./helm.ts";
import { CHART, helm, one, render } from "./helm.ts";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

const podSpec = (objects: Rendered[]) => one(objects, "Deployment")["spec"].template.spec;
const container = (objects: Rendered[]) => podSpec(objects).containers[0];
const kinds = (objects: Rendered[]) => objects.map(({ kind }) => kind);

/** Each row tests one effect of a chart value. */
const MATRIX: { name: string; values: object; holds: (objects: Rendered[]) => void }[] = [
  {
    name: "the tag defaults to appVersion, and FTP servers use the image of the operator",
    values: {},
    holds: (objects) => {
      const { image, args } = container(objects);
      assert.match(image, /^ghcr\.io\/ftp-operator\/ftp-operator:\d+\.\d+\.\d+$/);
      assert.ok(args.includes(`--engine-image=${image}`));
    },
  },
  {
    name: "a digest takes precedence over a tag",
    values: { image: { repository: "example.test/ftp", tag: "v1", digest: `sha256:${"0a".repeat(32)}` } },
    holds: (objects) => assert.equal(container(objects).image, `example.test/ftp@sha256:${"0a".repeat(32)}`),
  },
  {
    name: "FTP servers can use another image",
    values: { engineImage: "example.test/engine:2" },
    holds: (objects) => assert.ok(container(objects).args.includes("--engine-image=example.test/engine:2")),
  },
  {
    name: "watched namespaces and node addresses are arguments of the operator",
    values: { watch: { namespaces: ["a", "b"] }, operator: { nodeAddresses: ["192.0.2.0/24", "192.0.2.9"] } },
    holds: (objects) => {
      const { args } = container(objects);
      assert.ok(args.includes("--namespaces=a,b"));
      assert.ok(args.includes("--node-addresses=192.0.2.0/24,192.0.2.9"));
    },
  },
  {
    name: "each release has its own Lease, so that two releases in one namespace work",
    values: { fullnameOverride: "team-a" },
    holds: (objects) => {
      const leases = [objects, render({ fullnameOverride: "team-b" })].map((release) =>
        container(release).args.filter((flag: string) => flag.startsWith("--leader-election-name=")),
      );
      assert.deepEqual(leases, [["--leader-election-name=team-a"], ["--leader-election-name=team-b"]]);
    },
  },
  {
    name: "one replica has no disruption budget and no spread constraints",
    values: {},
    holds: (objects) => {
      assert.ok(!kinds(objects).includes("PodDisruptionBudget"));
      assert.equal(podSpec(objects).topologySpreadConstraints, undefined);
    },
  },
  {
    name: "several replicas have a disruption budget and prefer different nodes",
    values: { operator: { replicas: 2 } },
    holds: (objects) => {
      const selector = one(objects, "Deployment")["spec"].selector;
      assert.deepEqual(one(objects, "PodDisruptionBudget")["spec"], {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector,
      });
      assert.deepEqual(podSpec(objects).topologySpreadConstraints[0].labelSelector, selector);
    },
  },
  {
    name: "scheduling values apply to the pods",
    values: {
      imagePullSecrets: [{ name: "pull" }],
      operator: {
        priorityClassName: "high",
        nodeSelector: { disk: "ssd" },
        tolerations: [{ key: "infra", operator: "Exists" }],
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
        },
        podLabels: { team: "files", "app.kubernetes.io/name": "not-mine" },
        podAnnotations: { note: "yes" },
      },
    },
    holds: (objects) => {
      const { metadata, spec } = one(objects, "Deployment")["spec"].template;
      assert.deepEqual(spec.imagePullSecrets, [{ name: "pull" }]);
      assert.equal(spec.priorityClassName, "high");
      assert.deepEqual(spec.nodeSelector, { disk: "ssd" });
      assert.equal(spec.tolerations[0].key, "infra");
      assert.ok(spec.affinity.nodeAffinity);
      assert.equal(metadata.labels.team, "files");
      // The chart rejects changes to selector labels, because the Deployment would not select its pods.
      assert.equal(metadata.labels["app.kubernetes.io/name"], "ftp-operator");
      assert.equal(metadata.annotations.note, "yes");
    },
  },
  {
    name: "an existing ServiceAccount is used",
    values: { serviceAccount: { create: false, name: "mine" } },
    holds: (objects) => {
      assert.ok(!kinds(objects).includes("ServiceAccount"));
      assert.equal(podSpec(objects).serviceAccountName, "mine");
      assert.equal(one(objects, "ClusterRoleBinding")["subjects"][0].name, "mine");
    },
  },
  {
    name: "uninstall keeps the CRDs by default",
    values: {},
    holds: (objects) => {
      const policy = "helm.sh/resource-policy";
      assert.equal(
        one(objects, "CustomResourceDefinition", "ftpusers.ftp-operator.io").metadata.annotations?.[policy],
        "keep",
      );
      const loose = one(
        render({ crds: { keep: false } }),
        "CustomResourceDefinition",
        "ftpservers.ftp-operator.io",
      );
      assert.equal(loose.metadata.annotations?.[policy], undefined);
      assert.ok(!kinds(render({ crds: { enabled: false } })).includes("CustomResourceDefinition"));
    },
  },
  {
    name: "the policy allows all pods to scrape and does not restrict outgoing traffic",
    values: {},
    holds: (objects) =>
      assert.deepEqual(one(objects, "NetworkPolicy")["spec"], {
        podSelector: one(objects, "Deployment")["spec"].selector,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: "metrics" }] }],
      }),
  },
  {
    name: "an empty metricsFrom denies all scraping",
    values: { networkPolicy: { metricsFrom: [] } },
    holds: (objects) => assert.deepEqual(one(objects, "NetworkPolicy")["spec"].ingress, []),
  },
  {
    name: "with apiServerCIDRs, the operator can connect only to these networks, to DNS and to the metrics port of engines",
    values: { networkPolicy: { apiServerCIDRs: ["192.0.2.1/32"], apiServerPorts: [6443] } },
    holds: (objects) => {
      const { policyTypes, egress } = one(objects, "NetworkPolicy")["spec"];
      assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
      assert.deepEqual(egress, [
        { to: [{ ipBlock: { cidr: "192.0.2.1/32" } }], ports: [{ port: 6443 }] },
        { ports: [{ port: 53, protocol: "UDP" }, { port: 53 }] },
        {
          to: [
            {
              namespaceSelector: {},
              podSelector: {
                matchLabels: {
                  "app.kubernetes.io/name": "ftp-server",
                  "app.kubernetes.io/managed-by": "ftp-operator",
                },
              },
            },
          ],
          ports: [{ port: 8080 }],
        },
      ]);
    },
  },
  {
    name: "metrics can be disabled, or scraped by a ServiceMonitor",
    values: { metrics: { serviceMonitor: { enabled: true, labels: { release: "prometheus" } } } },
    holds: (objects) => {
      assert.equal(one(objects, "ServiceMonitor").metadata.labels?.["release"], "prometheus");
      assert.ok(!kinds(render({ metrics: { enabled: false } })).includes("Service"));
    },
  },
  {
    name: "series of the operator keep the `namespace` label of the FtpServer, and series of pods have the `namespace` label of the target",
    values: { metrics: { serviceMonitor: { enabled: true }, podMonitor: { enabled: true } } },
    holds: (objects) => {
      const [operator] = one(objects, "ServiceMonitor")["spec"].endpoints;
      const [server] = one(objects, "PodMonitor")["spec"].podMetricsEndpoints;
      assert.deepEqual([operator.honorLabels, server.honorLabels], [true, false]);
    },
  },
  {
    name: "common labels apply to all objects, and names can be replaced",
    values: { commonLabels: { "cost-centre": "7" }, fullnameOverride: "ftp" },
    holds: (objects) => {
      for (const { kind, metadata } of objects) assert.equal(metadata.labels?.["cost-centre"], "7", kind);
      assert.equal(one(objects, "Deployment").metadata.name, "ftp");
    },
  },
];

describe("chart values", () => {
  for (const { name, values, holds } of MATRIX) it(name, () => holds(render(values)));

  it("pass the linter", () => {
    const { status, stdout, stderr } = helm(["lint", "--strict", CHART]);
    assert.equal(status, 0, stdout + stderr);
  });

  it("result in a valid command line of the operator", () => {
    const objects = render({ watch: { namespaces: ["a"] }, operator: { nodeAddresses: ["192.0.2.1"] } });
    const [command, ...flags]: string[] = container(objects).args;
    const { stdout: help } = spawnSync(process.execPath, [MAIN, command!, "--help"], { encoding: "utf8" });
    for (const flag of flags) assert.ok(help.includes(`${flag.split("=")[0]} `), `${flag} is not in --help`);
  });

  it("limits the heap to half of the memory limit in Mi or Gi", () => {
    const heapOf = (memory: string | null): string | undefined => {
      const { env } = container(render({ operator: { resources: { limits: { memory } } } }));
      const options: string = env.find(({ name }: { name: string }) => name === "NODE_OPTIONS").value;
      return /--max-old-space-size=(\S+)$/u.exec(options)?.[1];
    };
    assert.deepEqual(["384Mi", "2Gi", "400M", "0.5Gi", null].map(heapOf), [
      "192",
      "1024",
      undefined,
      undefined,
      undefined,
    ]);
  });
});
