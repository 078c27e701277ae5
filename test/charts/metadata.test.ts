/** Tests that the metadata in Chart.yaml agrees with the repository and the rendered objects. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { load } from "js-yaml";
import { CHART, documents, one, render } from "./helm.ts";

const ROOT = join(CHART, "../..");
const HOME = "https://github.com/ftp-operator/ftp-operator";
const RAW = "https://raw.githubusercontent.com/ftp-operator/ftp-operator/main/";

/** Categories that Artifact Hub accepts. */
const CATEGORIES: ReadonlySet<string> = new Set([
  "ai-machine-learning",
  "database",
  "integration-delivery",
  "monitoring-logging",
  "networking",
  "security",
  "storage",
  "streaming-messaging",
]);
const CHANGE_KINDS: ReadonlySet<string> = new Set([
  "added",
  "changed",
  "deprecated",
  "removed",
  "fixed",
  "security",
]);

interface Metadata {
  version: string;
  home: string;
  sources: string[];
  icon: string;
  maintainers: { name: string; url: string }[];
  annotations: Record<string, string>;
}

const metadata: Metadata = parsed(readFileSync(join(CHART, "Chart.yaml"), "utf8"));

/** Returns the parsed YAML in an Artifact Hub annotation. */
function hub(name: string): any {
  return parsed(metadata.annotations[`artifacthub.io/${name}`] ?? "");
}

function parsed(text: string): any {
  return JSON.parse(JSON.stringify(load(text)));
}

describe("Chart.yaml", () => {
  it("contains the project and its maintainers", () => {
    assert.equal(metadata.home, HOME);
    assert.deepEqual(metadata.sources, [HOME]);
    for (const { name, url } of metadata.maintainers) assert.ok(name !== "" && HOME.startsWith(`${url}/`));
  });

  it("has an icon that is an SVG image of the repository", () => {
    assert.ok(metadata.icon.startsWith(RAW));
    const image = readFileSync(join(ROOT, metadata.icon.slice(RAW.length)), "utf8");
    assert.match(image, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox=/);
  });

  it("links to existing pages of the repository", () => {
    const links: { name: string; url: string }[] = hub("links");
    assert.ok(links.length > 0);
    for (const { name, url } of links) {
      assert.ok(url.startsWith(`${HOME}/`), name);
      const [, file] = /\/blob\/main\/(.*)$/.exec(url) ?? [];
      assert.ok(file === undefined || existsSync(join(ROOT, file)), url);
    }
  });

  it("lists the image that the chart deploys by default", () => {
    const images = hub("images").map(({ image }: { image: string }) => image);
    assert.deepEqual(images, [one(render(), "Deployment")["spec"].template.spec.containers[0].image]);
    assert.ok(images[0]?.endsWith(`:${metadata.version}`));
  });

  it("lists the CRDs and their versions, with an example of each", () => {
    const crds = readdirSync(join(ROOT, "crds")).map(
      (file) => documents(readFileSync(join(ROOT, "crds", file), "utf8"))[0]!,
    );
    const examples: { apiVersion: string; kind: string }[] = hub("crdsExamples");
    const listed: { kind: string; version: string; name: string }[] = hub("crds");
    assert.deepEqual(
      listed.map(({ kind, version, name }) => ({ kind, version, name })),
      crds.map(({ metadata: { name }, spec }) => ({
        kind: spec.names.kind,
        version: spec.versions.find(({ storage }: { storage: boolean }) => storage).name,
        name,
      })),
    );
    assert.deepEqual(
      examples.map(({ apiVersion, kind }) => [apiVersion, kind]),
      listed.map(({ kind, version }) => [`ftp-operator.io/${version}`, kind]),
    );
  });

  it("uses only values that Artifact Hub accepts", () => {
    assert.ok(CATEGORIES.has(hub("category")));
    for (const name of ["operator", "prerelease", "containsSecurityUpdates"])
      assert.equal(typeof hub(name), "boolean", name);
    const changes: { kind: string; description: string }[] = hub("changes");
    assert.ok(changes.length > 0);
    for (const { kind, description } of changes)
      assert.ok(CHANGE_KINDS.has(kind) && description !== "", description);
  });
});
