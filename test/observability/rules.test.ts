import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { promisify } from "node:util";
import { durationsIn, durationsOf, secondsOf } from "./durations.ts";
import { alerts, ALERTS_FILE, documentedMetrics, metricsIn, queries } from "./rules.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const REPOSITORY = "https://github.com/ftp-operator/ftp-operator/blob/main";
const PROMTOOL = "/usr/bin/promtool";
const skip = !existsSync(PROMTOOL) && "promtool is not installed (package prometheus)";

describe("every alert", () => {
  for (const { alert, annotations, labels } of alerts()) {
    it(`${alert} has a severity and a runbook`, () => {
      assert.match(labels.severity, /^(?:info|warning|critical)$/);
      assert.equal(annotations.runbook_url, `${REPOSITORY}/docs/operations/runbooks/${alert}.md`);
      const page = readFileSync(join(ROOT, `docs/operations/runbooks/${alert}.md`), "utf8");
      assert.ok(page.startsWith(`# ${alert}\n`));
      for (const part of ["Meaning", "Impact", "Diagnosis", "Mitigation"])
        assert.ok(page.includes(`\n## ${part}\n`), part);
    });
  }
});

test("every runbook belongs to an alert", () => {
  assert.deepEqual(
    readdirSync(join(ROOT, "docs/operations/runbooks")),
    alerts()
      .map(({ alert }) => `${alert}.md`)
      .toSorted((a, b) => (a < b ? -1 : 1)),
  );
});

test("docs/operations/monitoring.md lists all alerts with their severity", () => {
  const page = readFileSync(join(ROOT, "docs/operations/monitoring.md"), "utf8");
  for (const { alert, labels } of alerts())
    assert.ok(page.includes(`| [${alert}](runbooks/${alert}.md) | ${labels.severity} |`), alert);
});

describe("the text of an alert agrees with its expression and `for`", () => {
  const monitoring = readFileSync(join(ROOT, "docs/operations/monitoring.md"), "utf8");
  for (const rule of alerts()) {
    it(rule.alert, () => {
      const { alert, expr, annotations } = rule;
      // min_over_time exceeds the threshold only at the end of the window, so `for` would delay the alert further.
      if (expr.includes("min_over_time")) assert.equal(rule.for, undefined);
      const allowed = durationsOf(rule);
      const runbook = readFileSync(join(ROOT, `docs/operations/runbooks/${alert}.md`), "utf8");
      const [, meaning = ""] = /\n## Meaning\n(.*?)\n## /s.exec(runbook) ?? [];
      const row = monitoring.split("\n").find((line) => line.startsWith(`| [${alert}]`));
      for (const { text, key, seconds } of durationsIn(`${meaning}\n${row}`))
        assert.equal(seconds, allowed[key], text);
      // Chart values can change `for` and the threshold, but not the text of the annotations.
      const window = secondsOf(/\[(\w+)\]/.exec(expr)?.[1]);
      for (const { text, key, seconds } of durationsIn(`${annotations.summary} ${annotations.description}`))
        if (key === "for" || key === "in") assert.deepEqual([key, seconds], ["in", window], text);
    });
  }
});

test("alerts and dashboard use existing metrics", () => {
  const documented = documentedMetrics();
  const asked = [...alerts(), ...queries()].flatMap(({ expr }) => metricsIn(expr));
  assert.ok(asked.length > 30);
  assert.deepEqual(
    asked.filter((name) => !documented.has(name)),
    [],
  );
});

test("alerts and dashboard ignore other controllers of the cluster", () => {
  const shared = [...alerts(), ...queries()].flatMap(({ expr }) => [
    ...expr.matchAll(/\b(?:controller_runtime|workqueue)_\w+(.{0,24})/g),
  ]);
  assert.ok(shared.length > 5);
  for (const [found, selector = ""] of shared)
    assert.match(selector, /^\{(?:controller|name)="ftpserver"/, found);
});

test("promtool accepts the alerts, and each fires only for its condition", { skip }, async () => {
  await run(PROMTOOL, ["check", "rules", ALERTS_FILE]);
  await run(PROMTOOL, ["test", "rules", join(import.meta.dirname, "alerts.test.yaml")]);
});
