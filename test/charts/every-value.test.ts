/** Every value of the chart has an effect: each is changed once, and what is rendered must change with it. */
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
    // A parent chart sets it.
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
    it(`${path} changes what is rendered`, () => {
      const before = unchanged.get(others) ?? rendered(others);
      unchanged.set(others, before);
      assert.notEqual(rendered(merged(others, nested(path.split("."), to))), before);
    });
  }
});

/** What helm answers when a value that must not be removed is null. */
const REQUIRED: Readonly<Record<string, RegExp>> = {
  "operator.leaderElection.leaseDuration": /missing property 'leaseDuration'/,
  "operator.leaderElection.renewDeadline": /missing property 'renewDeadline'/,
  "operator.leaderElection.retryPeriod": /missing property 'retryPeriod'/,
  "serviceAccount.create": /serviceAccount\.name is required when serviceAccount\.create is false/,
};

test("every value can be removed by null, or the message names it", () => {
  for (const [path, { with: others = NOTHING }] of Object.entries(CHANGES)) {
    const shown = path.startsWith("metrics.prometheusRule") ? PROMETHEUS_RULE : others;
    const { status, stdout, stderr } = template(merged(shown, nested(path.split("."), null)));
    if (status !== 0) assert.match(stderr, REQUIRED[path] ?? /^never$/, path);
    // The API server rejects null where it expects an object.
    assert.doesNotMatch(stdout, /^ *null$|<nil>/m, path);
  }
});

test("an alert can be removed by null, and so can each of its fields", () => {
  for (const alert of Object.keys(ALERT_CHANGES)) {
    for (const fields of [null, { labels: null, annotations: null, for: null }]) {
      const alerts = { [alert]: fields };
      const { status, stderr } = template({ metrics: { prometheusRule: { enabled: true, alerts } } });
      assert.equal(status, 0, stderr);
    }
  }
});

test("values of an older chart are rejected with the flag to use", () => {
  const { status, stderr } = template({ operator: { leaderElection: null } });
  assert.notEqual(status, 0);
  assert.match(stderr, /operator\.leaderElection is missing.*use --reset-then-reuse-values/);
});

test("the limit of a disruption budget is 1 when both of its values are null", () => {
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
    it(`${field} changes what is rendered`, () => {
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
