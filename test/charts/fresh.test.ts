import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { load } from "js-yaml";
import { chartValues, withValuesTable } from "../../tools/generate-api/chart-values.ts";
import { CHART, documents, render } from "./helm.ts";

const ROOT = join(CHART, "../..");
const CRDS = ["ftpservers.ftp-operator.io.yaml", "ftpusers.ftp-operator.io.yaml"];
const read = (...path: string[]) => readFileSync(join(...path), "utf8");

function leaves(value: unknown, path: string): string[] {
  const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isGroup ? Object.entries(value) : [];
  if (entries.length === 0) return [path];
  return entries.flatMap(([key, below]) => leaves(below, path === "" ? key : `${path}.${key}`));
}

describe("the copies in the chart", () => {
  it("contain the CRDs of crds/ (npm run generate)", () => {
    for (const file of CRDS) assert.equal(read(CHART, "files", file), read(ROOT, "crds", file));
  });

  it("render the CRDs unchanged except for labels and annotations", () => {
    const rendered = render().filter(({ kind }) => kind === "CustomResourceDefinition");
    assert.deepEqual(
      rendered.map(({ metadata, ...rest }) => ({ name: metadata.name, ...rest })),
      CRDS.map((file) => {
        const { metadata, ...rest } = documents(read(ROOT, "crds", file))[0]!;
        return { name: metadata.name, ...rest };
      }),
    );
  });

  it("describe values.yaml in the README (npm run generate)", () => {
    const readme = read(CHART, "README.md");
    assert.equal(readme, withValuesTable(readme, chartValues(read(CHART, "values.yaml"))));
  });

  it("have the version of package.json", () => {
    const { version } = JSON.parse(read(ROOT, "package.json"));
    const chart = documents(read(CHART, "Chart.yaml"))[0]!;
    assert.deepEqual([chart["version"], chart["appVersion"]], [version, version]);
  });
});

describe("values.yaml", () => {
  it("documents every value", () => {
    const text = read(CHART, "values.yaml");
    const documented = chartValues(text).map(({ path }) => path);
    for (const leaf of leaves(load(text), "")) {
      assert.ok(
        documented.some((path) => leaf === path || leaf.startsWith(`${path}.`)),
        `${leaf} has no comment before it`,
      );
    }
  });
});

describe("chartValues", () => {
  it("uses the comment directly before a value", () => {
    const text =
      "# About the file.\n\na:\n  # One.\n  # Two.\n  b: [1]\n  c: x\n# Group.\nd:\n  # Inner.\n  e: 1\n";
    assert.deepEqual(chartValues(text), [
      { path: "a.b", default: [1], description: "One. Two." },
      { path: "d", default: { e: 1 }, description: "Group." },
    ]);
  });

  it("rejects a README without markers", () => {
    assert.throws(() => withValuesTable("# chart", []), /markers/);
  });
});
