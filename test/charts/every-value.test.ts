/** Every value of the chart has an effect: each is changed once, and what is rendered must change with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { load } from "js-yaml";
import { chartValues } from "../../src/api/generate/chart-values.ts";
import { CHART, one, render, template } from "./helm.ts";

/** Another value than the default of each, and what else it takes to show. */
const CHANGES: Readonly<Record<string, { to: unknown; with?: object }>> = {
  "image.repository": { to: "other" },
  "image.tag": { to: "9.9.9" },
  "image.digest": { to: `sha256:${"0a".repeat(32)}` },
  "image.pullPolicy": { to: "Always" },
  engineImage: { to: "engine:1" },
  imagePullSecrets: { to: [{ name: "pull" }] },
  nameOverride: { to: "other" },
  fullnameOverride: { to: "other" },
  commonLabels: { to: { team: "files" } },
  "crds.enabled": { to: false },
  "crds.keep": { to: false },
  "watch.namespaces": { to: ["a"] },
  "operator.replicas": { to: 2 },
  "operator.workers": { to: 9 },
  "operator.nodeAddresses": { to: ["192.0.2.1"] },
  "operator.reachabilityChecks": { to: false },
  "operator.debugPort": { to: 6060 },
  "operator.logLevel": { to: "Debug" },
  "operator.resources": { to: { limits: { memory: "1Gi" } } },
  "operator.podLabels": { to: { team: "files" } },
  "operator.podAnnotations": { to: { note: "yes" } },
  "operator.priorityClassName": { to: "high" },
  "operator.nodeSelector": { to: { disk: "ssd" } },
  "operator.tolerations": { to: [{ key: "infra", operator: "Exists" }] },
  "operator.affinity": { to: { podAntiAffinity: {} } },
  "operator.topologySpreadConstraints": {
    to: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
  },
  "serviceAccount.create": { to: false, with: { serviceAccount: { name: "mine" } } },
  "serviceAccount.name": { to: "mine" },
  "serviceAccount.annotations": { to: { role: "x" } },
  "rbac.create": { to: false },
  "rbac.aggregateToUserRoles": { to: false },
  "metrics.enabled": { to: false },
  "metrics.annotations": { to: { scrape: "yes" } },
  "metrics.serviceMonitor.enabled": { to: true },
  "metrics.serviceMonitor.labels": {
    to: { a: "b" },
    with: { metrics: { serviceMonitor: { enabled: true } } },
  },
  "metrics.serviceMonitor.interval": {
    to: "15s",
    with: { metrics: { serviceMonitor: { enabled: true } } },
  },
  "metrics.podMonitor.enabled": { to: true },
  "metrics.podMonitor.labels": { to: { a: "b" }, with: { metrics: { podMonitor: { enabled: true } } } },
  "metrics.podMonitor.interval": { to: "15s", with: { metrics: { podMonitor: { enabled: true } } } },
  "metrics.prometheusRule.enabled": { to: true },
  "metrics.prometheusRule.labels": {
    to: { a: "b" },
    with: { metrics: { prometheusRule: { enabled: true } } },
  },
  "metrics.dashboard.enabled": { to: true },
  "metrics.dashboard.labels": { to: { a: "b" }, with: { metrics: { dashboard: { enabled: true } } } },
  "metrics.dashboard.annotations": {
    to: { folder: "FTP" },
    with: { metrics: { dashboard: { enabled: true } } },
  },
  "networkPolicy.enabled": { to: false },
  "networkPolicy.metricsFrom": { to: [] },
  "networkPolicy.apiServerCIDRs": { to: ["192.0.2.1/32"] },
  "networkPolicy.apiServerPorts": {
    to: [443],
    with: { networkPolicy: { apiServerCIDRs: ["192.0.2.1/32"] } },
  },
  extraObjects: {
    to: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "{{ .Release.Name }}-more" } }],
  },
};

const values = readFileSync(join(CHART, "values.yaml"), "utf8");

describe("every value", () => {
  it("is in the table above, and nothing else is", () => {
    assert.deepEqual(
      Object.keys(CHANGES).toSorted(),
      chartValues(values)
        .map(({ path }) => path)
        .toSorted(),
    );
  });

  it("is in the schema, whose every property is in values.yaml", () => {
    const schema: Schema = JSON.parse(readFileSync(join(CHART, "values.schema.json"), "utf8"));
    // A parent chart puts these there.
    const known = leavesOf(schema, load(values)).filter((path) => path !== "global" && path !== "enabled");
    assert.deepEqual(
      known.toSorted(),
      chartValues(values)
        .map(({ path }) => path)
        .toSorted(),
    );
  });

  for (const [path, { to, with: others = {} }] of Object.entries(CHANGES)) {
    it(`${path} changes what is rendered`, () => {
      assert.notEqual(rendered(merged(others, nested(path.split("."), to))), rendered(others));
    });
  }
});

test("what a test needs is rendered as a hook: a server, its user's Secret and a client", () => {
  const hooks = render({}, []).filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"] === "test");
  assert.deepEqual(hooks.map(({ kind }) => kind).toSorted(), ["FtpServer", "Pod", "Secret"]);
  const elsewhere = render({ watch: { namespaces: ["team-a", "team-b"] } }, []);
  assert.equal(one(elsewhere, "FtpServer").metadata.namespace, "team-a", "where the operator looks");
});

interface Schema {
  properties?: Record<string, Schema>;
}

/** Paths of the schema's properties, down to where values.yaml has no further keys that are documented. */
function leavesOf({ properties = {} }: Schema, value: unknown, path = ""): string[] {
  return Object.entries(properties).flatMap(([key, below]) => {
    const here = path === "" ? key : `${path}.${key}`;
    const isDocumented = chartValues(values).some((found) => found.path === here);
    const inner: unknown = Object(value)[key];
    return isDocumented || below.properties === undefined ? [here] : leavesOf(below, inner, here);
  });
}

function rendered(values: object): string {
  const { status, stdout, stderr } = template(values);
  assert.equal(status, 0, stderr);
  return stdout;
}

function nested([key = "", ...rest]: readonly string[], value: unknown): object {
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}

function merged(a: object, b: object): object {
  const result: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const below = result[key];
    const isGroup = typeof below === "object" && below !== null && !Array.isArray(below);
    result[key] = isGroup && typeof value === "object" && value !== null ? merged(below, value) : value;
  }
  return result;
}
