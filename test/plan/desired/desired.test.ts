import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Builders, BUILDERS } from "../../../src/plan/desired/desired.ts";
import { plan } from "../../../src/plan/plan.ts";
import { Cluster, serverOf } from "../../support/plan/cluster.ts";

const SOURCE = join(import.meta.dirname, "../../../src/plan");

/** Returns object builders that count their calls. */
function countingBuilders(): { builders: Builders; calls: Map<string, number> } {
  const calls = new Map<string, number>();
  const counted =
    <A extends unknown[], R>(name: keyof Builders, build: (...args: A) => R) =>
    (...args: A): R => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return build(...args);
    };
  const builders: Builders = {
    config: counted("config", BUILDERS.config),
    configSecret: counted("configSecret", BUILDERS.configSecret),
    networkPolicy: counted("networkPolicy", BUILDERS.networkPolicy),
    persistentVolumeClaim: counted("persistentVolumeClaim", BUILDERS.persistentVolumeClaim),
    podDisruptionBudget: counted("podDisruptionBudget", BUILDERS.podDisruptionBudget),
    podMetadata: counted("podMetadata", BUILDERS.podMetadata),
    service: counted("service", BUILDERS.service),
    serviceAccount: counted("serviceAccount", BUILDERS.serviceAccount),
    statefulSet: counted("statefulSet", BUILDERS.statefulSet),
  };
  return { builders, calls };
}

test("a plan calls each builder once, and the StatefulSet builder once for each slice", () => {
  const cluster = new Cluster(serverOf({ replicas: 2 }));
  for (const prepare of [() => {}, () => cluster.step(), () => cluster.settle()]) {
    prepare();
    const { builders, calls } = countingBuilders();
    plan(cluster.observe(), builders);
    const expected = Object.keys(BUILDERS).map((name) => [name, name === "statefulSet" ? 3 : 1]);
    assert.deepEqual(Object.fromEntries(calls), Object.fromEntries(expected));
  }
});

test("only desired.ts imports the builders of child objects", () => {
  const importers = globSync("**/*.ts", { cwd: SOURCE }).filter((file) =>
    /import (?!type)[^;]*\bbuild(?:ConfigSecret|EngineConfig|NetworkPolicy|PersistentVolumeClaim|PodDisruptionBudget|PodMetadata|Service|ServiceAccount|StatefulSet)\b/.test(
      readFileSync(join(SOURCE, file), "utf8"),
    ),
  );
  assert.deepEqual(importers, ["desired/desired.ts"]);
});
