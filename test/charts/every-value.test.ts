/** Tests that each chart value changes the rendered objects. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { load } from "js-yaml";
import { chartValues } from "../../tools/generate-api/chart-values.ts";
import { ALERT_CHANGES, CHANGES, merged, nested } from "./changed-values.ts";
import { CHART, one, render, template } from "./helm.ts";

const NOTHING = {};
const PROMETHEUS_RULE = { metrics: { prometheusRule: { enabled: true } } };
const values = readFileSync(join(CHART, "values.yaml"), "utf8");

describe("every value", () => {
  it("is in the table of changed values, which has no other entries", () => {
    assert.deepEqual(
      Object.keys(CHANGES).toSorted(),
      chartValues(values)
        .map(({ path }) => path)
        .toSorted(),
    );
  });

  it("is in the schema, which has no other properties", () => {
    const schema: Schema = JSON.parse(readFileSync(join(CHART, "values.schema.json"), "utf8"));
    // The value `enabled` is only for parent charts, so values.yaml does not document it.
    const known = leavesOf(schema, load(values)).filter((path) => path !== "enabled");
    assert.deepEqual(
      known.toSorted(),
      chartValues(values)
        .map(({ path }) => path)
        .toSorted(),
    );
  });

  const unchanged = new Map<object, string>();
  for (const [path, { to, with: others = NOTHING }] of Object.entries(CHANGES)) {
    it(`${path} changes the rendered objects`, () => {
      const before = unchanged.get(others) ?? rendered(others);
      unchanged.set(others, before);
      assert.notEqual(rendered(merged(others, nested(path.split("."), to))), before);
    });
  }
});

/** Matches the Helm error messages for required values that are null. */
const REQUIRED: Readonly<Record<string, RegExp>> = {
  "operator.leaderElection.leaseDuration": /missing property 'leaseDuration'/,
  "operator.leaderElection.renewDeadline": /missing property 'renewDeadline'/,
  "operator.leaderElection.retryPeriod": /missing property 'retryPeriod'/,
  "serviceAccount.create": /serviceAccount\.name is required when serviceAccount\.create is false/,
};

test("null removes a value, or the error names the value", () => {
  for (const [path, { with: others = NOTHING }] of Object.entries(CHANGES)) {
    const shown = path.startsWith("metrics.prometheusRule") ? PROMETHEUS_RULE : others;
    const { status, stdout, stderr } = template(merged(shown, nested(path.split("."), null)));
    if (status !== 0) assert.match(stderr, REQUIRED[path] ?? /^never$/, path);
    // The API server rejects null values in fields of type object.
    assert.doesNotMatch(stdout, /^ *null$|<nil>/m, path);
  }
});

test("null removes an alert or a field of an alert", () => {
  for (const alert of Object.keys(ALERT_CHANGES)) {
    for (const fields of [null, { labels: null, annotations: null, for: null }]) {
      const alerts = { [alert]: fields };
      const { status, stderr } = template({ metrics: { prometheusRule: { enabled: true, alerts } } });
      assert.equal(status, 0, stderr);
    }
  }
});

test("the chart rejects values of an older chart and names the flag to use", () => {
  const { status, stderr } = template({ operator: { leaderElection: null } });
  assert.notEqual(status, 0);
  assert.match(stderr, /operator\.leaderElection is missing.*use --reset-then-reuse-values/);
});

test("maxUnavailable of the disruption budget is 1 when both values are null", () => {
  const podDisruptionBudget = { minAvailable: null, maxUnavailable: null };
  const budget = one(render({ operator: { replicas: 2, podDisruptionBudget } }), "PodDisruptionBudget");
  assert.deepEqual([budget["spec"].minAvailable, budget["spec"].maxUnavailable], [undefined, 1]);
});

describe("every field of every alert", () => {
  const rules = (alerts: object): Map<string, unknown> => {
    const values = { metrics: { prometheusRule: { enabled: true, alerts } } };
    const { groups } = one(render(values), "PrometheusRule")["spec"];
    return new Map(groups.flatMap(({ rules }: any) => rules).map((rule: any) => [rule.alert, rule]));
  };
  for (const field of ["enabled", "for", "threshold", "labels", "annotations"]) {
    it(`${field} changes the rendered objects`, () => {
      const changed = Object.entries(ALERT_CHANGES).filter(([, fields]) => field in fields);
      assert.ok(changed.length > 0);
      const [before, after] = [
        rules({}),
        rules(Object.fromEntries(changed.map(([alert, fields]) => [alert, { [field]: fields[field] }]))),
      ];
      for (const [alert] of changed) assert.notDeepEqual(after.get(alert), before.get(alert), alert);
    });
  }
});

test("the chart renders an FtpServer, a Secret and a client as test hooks", () => {
  const hooks = render({}, []).filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"] === "test");
  assert.deepEqual(hooks.map(({ kind }) => kind).toSorted(), ["FtpServer", "Pod", "Secret"]);
  const elsewhere = render({ watch: { namespaces: ["team-a", "team-b"] } }, []);
  assert.equal(one(elsewhere, "FtpServer").metadata.namespace, "team-a", "where the operator looks");
});

interface Schema {
  properties?: Record<string, Schema>;
}

/** Returns the property paths in the schema. A path ends at the depth at which values.yaml documents the value. */
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
