/**
 * Validates the CRDs and many FtpServers with code from two Kubernetes releases: the oldest supported release and the
 * tested release.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { ftpServer, REJECTIONS } from "../../api/cases.ts";
import { CRD_FILE, dotted, messagesOf, ROOT, USER_CRD_FILE } from "../../api/crd.ts";
import { run } from "../../cluster/run.ts";
import { buildModule, type GoModule, moduleFolder } from "../../cluster/standalone-module.ts";

const CRD_FILES = [CRD_FILE, USER_CRD_FILE];
const MODULE = { name: "crd-validator", folder: join(import.meta.dirname, "crd-validator"), packages: ["."] };
const VERSIONS: Record<string, GoModule> = {
  "1.31": { ...MODULE, moduleFile: "kubernetes-1.31.mod" },
  "1.36": MODULE,
};

interface Report {
  /** Validation errors, keyed by CRD file. */
  crds: Record<string, string[]>;
  /** Violations for each object. */
  objects: { field: string; message: string }[][];
}

async function validate(module: GoModule, objects: readonly object[]): Promise<Report> {
  const program = join(moduleFolder(module), "crd-validator");
  return JSON.parse(await run([program, ...CRD_FILES], { stdin: JSON.stringify(objects) }));
}

for (const [version, module] of Object.entries(VERSIONS))
  describe(`Kubernetes ${version}`, () => {
    let report: Report;
    const bad = REJECTIONS.map((rejection) => ftpServer(rejection.bad));
    const good = REJECTIONS.map((rejection) => ftpServer(rejection.good));

    // In the first run, compiling takes about 1 minute.
    before(async () => {
      await buildModule(module);
      report = await validate(module, [...bad, ...good]);
    });

    it("accepts both CRDs, including the cost of their rules", () => {
      assert.deepEqual(report.crds, Object.fromEntries(CRD_FILES.map((file) => [file, []])));
    });

    it("rejects invalid FtpServers for the same field and rule", () => {
      for (const [index, { title, path, rule }] of REJECTIONS.entries()) {
        const causes = report.objects[index] ?? [];
        // Messages for schema violations differ between Kubernetes releases.
        const expected = rule === undefined ? [""] : messagesOf(rule);
        const found = causes.some(
          (cause) =>
            dotted(cause.field) === `spec.${path}` && expected.some((text) => cause.message.includes(text)),
        );
        assert.ok(found, `${title}: ${JSON.stringify(causes)}`);
      }
    });

    it("accepts valid FtpServers", () => {
      for (const [index, { title }] of REJECTIONS.entries())
        assert.deepEqual(report.objects[bad.length + index], [], title);
    });
  });

describe("the CRD validators", () => {
  it("include the oldest release that the chart accepts", () => {
    const chart = readFileSync(join(ROOT, "charts/ftp-operator/Chart.yaml"), "utf8");
    const [, oldest = ""] = /^kubeVersion: ">=(\d+\.\d+)\.0-0"$/m.exec(chart) ?? [];
    assert.ok(oldest in VERSIONS, oldest);
    const modules = readFileSync(join(MODULE.folder, VERSIONS[oldest]?.moduleFile ?? "go.mod"), "utf8");
    assert.match(modules, new RegExp(`k8s.io/apiextensions-apiserver v0\\.${oldest.split(".")[1]}\\.`));
  });
});
