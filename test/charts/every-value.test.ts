/** Every value of the chart has an effect: each is changed once, and what is rendered must change with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { load } from "js-yaml";
import { chartValues } from "../../src/api/generate/chart-values.ts";
import { ALERT_CHANGES, CHANGES, merged, nested } from "./changed-values.ts";
import { CHART, one, render, template } from "./helm.ts";

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

  for (const [path, { to, with: others = {} }] of Object.entries(CHANGES)) {
    it(`${path} changes what is rendered`, () => {
      assert.notEqual(rendered(merged(others, nested(path.split("."), to))), rendered(others));
    });
  }
});

/** What helm answers when a value that must not be removed is null. */
const REQUIRED: Readonly<Record<string, RegExp>> = {
  namespaceOverride: /lack namespaceOverride: use --reset-then-reuse-values instead of --reuse-values/,
  "operator.leaderElection.leaseDuration": /missing property 'leaseDuration'/,
  "operator.leaderElection.renewDeadline": /missing property 'renewDeadline'/,
  "operator.leaderElection.retryPeriod": /missing property 'retryPeriod'/,
  "serviceAccount.create": /serviceAccount\.name is required when serviceAccount\.create is false/,
};

test("every value can be removed by null, or the message names it", () => {
  for (const path of Object.keys(CHANGES)) {
    const { status, stderr } = template(nested(path.split("."), null));
    if (status !== 0) assert.match(stderr, REQUIRED[path] ?? /^never$/, path);
  }
});

describe("every field of every alert", () => {
  const rule = { metrics: { prometheusRule: { enabled: true } } };
  for (const [alert, fields] of Object.entries(ALERT_CHANGES)) {
    it(`${alert}: ${Object.keys(fields).join(", ")} change what is rendered, each by itself`, () => {
      const before = rendered(rule);
      for (const [field, to] of Object.entries(fields)) {
        const path = ["metrics", "prometheusRule", "alerts", alert, field];
        assert.notEqual(rendered(merged(rule, nested(path, to))), before, field);
      }
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
