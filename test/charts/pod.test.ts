/** Tests the chart values for the operator pod, and the chart values that apply to all objects. */
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { CHART, documents, helm, one, render, type Rendered } from "./helm.ts";

const WITH_HOOKS: readonly string[] = [];
const pod = (values: object): Rendered["spec"] => one(render(values), "Deployment")["spec"].template;
const container = (values: object): any => pod(values).spec.containers[0];
const engineImage = (values: object): string =>
  container(values)
    .args.find((flag: string) => flag.startsWith("--engine-image="))
    .split("=")[1];

describe("global values", () => {
  const REPOSITORIES: Readonly<Record<string, string>> = {
    "ghcr.io/ftp-operator/ftp-operator": "mirror.example.com/ftp-operator/ftp-operator",
    "registry:5000/ftp": "mirror.example.com/ftp",
    "localhost/ftp": "mirror.example.com/ftp",
    "library/ftp": "mirror.example.com/library/ftp",
    ftp: "mirror.example.com/ftp",
  };
  for (const [repository, replaced] of Object.entries(REPOSITORIES)) {
    it(`global.imageRegistry changes ${repository} to ${replaced}`, () => {
      const values = { global: { imageRegistry: "mirror.example.com" }, image: { repository, tag: "1" } };
      assert.equal(container(values).image, `${replaced}:1`);
      assert.equal(engineImage({ ...values, engineImage: `${repository}:2` }), `${replaced}:2`);
    });
  }

  it("global.imageRegistry keeps a digest", () => {
    const digest = `sha256:${"0a".repeat(32)}`;
    const values = { global: { imageRegistry: "mirror.example.com" }, image: { digest } };
    assert.equal(container(values).image, `mirror.example.com/ftp-operator/ftp-operator@${digest}`);
  });

  it("global.imagePullSecrets and imagePullSecrets apply to the operator and the test", () => {
    const values = {
      global: { imagePullSecrets: ["a", { name: "b" }] },
      imagePullSecrets: [{ name: "b" }, { name: "c" }],
    };
    const objects = render(values, WITH_HOOKS);
    const expected = [{ name: "a" }, { name: "b" }, { name: "c" }];
    assert.deepEqual(one(objects, "Deployment")["spec"].template.spec.imagePullSecrets, expected);
    assert.deepEqual(one(objects, "Pod")["spec"].imagePullSecrets, expected);
    assert.deepEqual(one(objects, "FtpServer")["spec"].pod.imagePullSecrets, expected);
  });
});

describe("values for all objects", () => {
  const MONITORING = {
    serviceMonitor: { enabled: true },
    podMonitor: { enabled: true },
    prometheusRule: { enabled: true },
    dashboard: { enabled: true },
  };

  it("namespaceOverride changes the namespace of objects, bindings, the Lease and the notes", () => {
    const values = { namespaceOverride: "elsewhere", operator: { replicas: 2 }, metrics: MONITORING };
    const objects = render(values, WITH_HOOKS);
    const clusterScoped = new Set(["ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"]);
    for (const { kind, metadata } of objects)
      assert.equal(metadata.namespace, clusterScoped.has(kind) ? undefined : "elsewhere", kind);
    assert.ok(!JSON.stringify(objects).includes("ftp-system"));
    const subjects = objects.flatMap((object) => object["subjects"] ?? []);
    assert.deepEqual(
      subjects.map(({ namespace }) => namespace),
      ["elsewhere", "elsewhere"],
    );
    assert.ok(container(values).args.includes("--leader-election-namespace=elsewhere"));
    const { stdout } = helm(
      ["install", "rel", CHART, "-n", "ftp-system", "--dry-run=client", "-f", "-"],
      values,
    );
    assert.match(stdout, /kubectl -n elsewhere rollout status/);
  });

  it("namespaceOverride keeps Roles in the watched namespaces and binds them to the account of the operator", () => {
    const objects = render({ namespaceOverride: "elsewhere", watch: { namespaces: ["team-a"] } });
    const binding = objects.find(
      ({ kind, metadata }) => kind === "RoleBinding" && metadata.namespace === "team-a",
    );
    assert.equal(binding?.["subjects"][0].namespace, "elsewhere");
  });

  it("commonAnnotations apply to all objects in addition to their own, but not to pod templates", () => {
    const values = {
      commonAnnotations: { "example.com/owner": "files", note: "common" },
      operator: { replicas: 2, deploymentAnnotations: { note: "own" } },
      metrics: MONITORING,
    };
    const objects = render(values, WITH_HOOKS);
    for (const { kind, metadata } of objects)
      assert.equal(metadata.annotations?.["example.com/owner"], "files", kind);
    assert.equal(one(objects, "Deployment").metadata.annotations?.["note"], "own");
    assert.equal(one(objects, "Pod").metadata.annotations?.["helm.sh/hook"], "test");
    assert.equal(pod(values).metadata.annotations, undefined);
  });

  it("commonLabels cannot replace the labels that selectors use", () => {
    const values = { commonLabels: { "app.kubernetes.io/name": "other", team: "files" } };
    assert.equal(pod(values).metadata.labels["app.kubernetes.io/name"], "ftp-operator");
    assert.equal(pod(values).metadata.labels.team, "files");
  });

  it("the selector keeps the labels of the first release, because an upgrade cannot change it", () => {
    assert.deepEqual(one(render(), "Deployment")["spec"].selector, {
      matchLabels: {
        "app.kubernetes.io/name": "ftp-operator",
        "app.kubernetes.io/instance": "rel",
        "app.kubernetes.io/component": "operator",
      },
    });
  });
});

describe("the operator pod", () => {
  it("merges the security contexts with the restricted defaults, and null removes a field", () => {
    const values = {
      operator: {
        podSecurityContext: { runAsUser: null, runAsGroup: null, supplementalGroups: [4000] },
        containerSecurityContext: { runAsNonRoot: true },
      },
    };
    assert.deepEqual(pod(values).spec.securityContext, {
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      supplementalGroups: [4000],
    });
    assert.deepEqual(container(values).securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      runAsNonRoot: true,
    });
    assert.deepEqual(one(render(values, WITH_HOOKS), "Pod")["spec"].securityContext, {
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      supplementalGroups: [4000],
    });
  });

  it("omits user and group IDs with operator.ids Platform", () => {
    const podSecurityContext = { fsGroup: 4000, supplementalGroups: [4001] };
    const objects = render({ operator: { ids: "Platform", podSecurityContext } }, WITH_HOOKS);
    const restricted = {
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      supplementalGroups: [4001],
    };
    assert.deepEqual(one(objects, "Deployment")["spec"].template.spec.securityContext, restricted);
    assert.deepEqual(one(objects, "Pod")["spec"].securityContext, restricted);
    assert.deepEqual(one(objects, "FtpServer")["spec"].pod.securityContext, { ids: "Platform" });
  });

  it("replaces a variable of the chart with a variable from extraEnv, because the API server rejects duplicates", () => {
    const extraEnv = [{ name: "NODE_OPTIONS", value: "--max-old-space-size=100" }];
    const { env } = container({ operator: { extraEnv } });
    const own = env.filter(({ name }: { name: string }) => name === "NODE_OPTIONS");
    assert.deepEqual(own, extraEnv);
    assert.equal(env.length, container({}).env.length);
  });

  it("appends extraArgs, so that they override the arguments of the chart", () => {
    assert.equal(container({ operator: { extraArgs: ["--workers=20"] } }).args.at(-1), "--workers=20");
  });

  const BUDGETS: readonly [name: string, values: object, spec: object][] = [
    ["minAvailable 0", { minAvailable: 0 }, { minAvailable: 0 }],
    ["a percentage", { maxUnavailable: "50%" }, { maxUnavailable: "50%" }],
    ["nothing", {}, { maxUnavailable: 1 }],
  ];
  for (const [name, podDisruptionBudget, expected] of BUDGETS) {
    it(`has a disruption budget with ${name}`, () => {
      const objects = render({ operator: { replicas: 2, podDisruptionBudget } });
      const { minAvailable, maxUnavailable } = one(objects, "PodDisruptionBudget")["spec"];
      const spec = { minAvailable, maxUnavailable };
      assert.deepEqual(JSON.parse(JSON.stringify(spec)), expected);
    });
  }
});

test("pod labels cannot change the selector of the Deployment", () => {
  const podLabels = { "app.kubernetes.io/component": "x", "app.kubernetes.io/name": "y" };
  const { selector, template } = one(render({ operator: { podLabels } }), "Deployment")["spec"];
  for (const [name, value] of Object.entries(selector.matchLabels))
    assert.equal(template.metadata.labels[name], value, name);
});

test("names that look like numbers remain strings", () => {
  const { status, stdout, stderr } = helm(["template", "123", CHART, "--set-string", "fullnameOverride=456"]);
  assert.equal(status, 0, stderr);
  const objects = documents(stdout);
  for (const { kind, metadata } of objects)
    assert.equal(metadata.labels?.["app.kubernetes.io/instance"], "123", kind);
  const { selector, template } = one(objects, "Deployment")["spec"];
  assert.equal(selector.matchLabels["app.kubernetes.io/instance"], "123");
  assert.equal(template.spec.serviceAccountName, "456");
});
