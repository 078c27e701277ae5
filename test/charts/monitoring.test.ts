/** Tests the chart values for the ServiceMonitor, the PodMonitor and the alerts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { load } from "js-yaml";
import { type Alert, alerts, ALERTS_FILE } from "../observability/rules.ts";
import { makeTemporaryFolder } from "../cluster/temporary.ts";
import { everyValueChanged } from "./changed-values.ts";
import { CHART, documents, one, render } from "./helm.ts";

const PROMTOOL = "/usr/bin/promtool";

interface Group {
  name: string;
  rules: Alert[];
}

const spec = (prometheusRule: object): { groups: Group[] } =>
  one(render({ metrics: { prometheusRule: { enabled: true, ...prometheusRule } } }), "PrometheusRule")[
    "spec"
  ];
const rendered = (prometheusRule: object): Alert[] =>
  spec(prometheusRule).groups.flatMap(({ rules }) => rules);
const named = (name: string, prometheusRule: object): Alert | undefined =>
  rendered(prometheusRule).find(({ alert }) => alert === name);

describe("the PrometheusRule", () => {
  it("has the alerts of files/alerts.yaml with default values", () => {
    assert.deepEqual(spec({}), load(readFileSync(ALERTS_FILE, "utf8")));
  });

  it("has a threshold value for each alert with a threshold at the end of its expression", () => {
    const [values] = documents(readFileSync(join(CHART, "values.yaml"), "utf8"));
    const defaults = values?.["metrics"].prometheusRule.alerts;
    assert.deepEqual(
      Object.keys(defaults),
      alerts().map(({ alert }) => alert),
    );
    for (const { alert, expr } of alerts()) {
      const { threshold } = defaults[alert];
      if (threshold !== undefined) assert.ok(expr.trim().endsWith(` ${threshold}`), alert);
    }
  });

  it("omits disabled alerts and empty groups", () => {
    const off = alerts().map(({ alert }) => [alert, { enabled: false }]);
    assert.deepEqual(spec({ alerts: Object.fromEntries(off) }), { groups: [] });
    const operatorOnly = off.filter(([alert]) => alert !== "FtpOperatorDown");
    assert.deepEqual(
      spec({ alerts: Object.fromEntries(operatorOnly) }).groups.map(({ name }) => name),
      ["ftp-operator"],
    );
  });

  it("replaces only the threshold of an expression", () => {
    const { expr = "" } =
      named("FtpTransfersFail", { alerts: { FtpTransfersFail: { threshold: 0.5 } } }) ?? {};
    assert.equal(
      expr,
      alerts()
        .find(({ alert }) => alert === "FtpTransfersFail")
        ?.expr.replace("0.2", "0.5"),
    );
    const month = { alerts: { FtpCertificateExpires: { threshold: 2_592_000 } } };
    assert.match(named("FtpCertificateExpires", month)?.expr ?? "", / < 2592000$/);
  });

  it("adds labels to all alerts, and labels of an alert take precedence", () => {
    const rule = {
      additionalRuleLabels: { team: "platform" },
      alerts: { FtpLoginBans: { labels: { team: "security", severity: "critical" } } },
    };
    assert.deepEqual(named("FtpOperatorDown", rule)?.labels, { severity: "warning", team: "platform" });
    assert.deepEqual(named("FtpLoginBans", rule)?.labels, { severity: "critical", team: "security" });
  });

  it("uses runbookBaseUrl for links to runbooks, and omits links when it is empty", () => {
    const annotations = named("FtpLoginBans", { runbookBaseUrl: "https://wiki.example.com/" })?.annotations;
    assert.equal(annotations?.runbook_url, "https://wiki.example.com/FtpLoginBans.md");
    assert.equal(named("FtpLoginBans", { runbookBaseUrl: "" })?.annotations.runbook_url, undefined);
  });

  const skip = !existsSync(PROMTOOL) && "promtool is not installed (package prometheus)";
  it("is valid for promtool with all values changed", { skip }, async () => {
    const file = join(await makeTemporaryFolder(), "rules.json");
    await writeFile(file, JSON.stringify(one(render(everyValueChanged()), "PrometheusRule")["spec"]));
    assert.match(execFileSync(PROMTOOL, ["check", "rules", file], { encoding: "utf8" }), /14 rules found/);
  });
});

describe("the monitors", () => {
  it("set the label ftpserver before they apply relabelings", () => {
    const relabelings = [{ action: "labeldrop", regex: "pod" }];
    const values = { metrics: { podMonitor: { enabled: true, relabelings } } };
    const [endpoint] = one(render(values), "PodMonitor")["spec"].podMetricsEndpoints;
    assert.deepEqual(
      endpoint.relabelings.map(({ targetLabel, regex }: any) => targetLabel ?? regex),
      ["ftpserver", "pod"],
    );
  });
});
