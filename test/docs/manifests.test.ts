import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it, test } from "node:test";
import { documents, render } from "../charts/helm.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { untilCrdsEstablished } from "../cluster/established-crds.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** Returns the manifests that the commands in a file pass to `kubectl apply -f - <<'EOF'`. */
function inlineManifests(file: string): string[] {
  return [...read(file).matchAll(/apply -f - <<'EOF'\n(.*?)\nEOF$/gms)].map(([, manifest = ""]) => manifest);
}

const INLINE = ["README.md", "charts/ftp-operator/templates/NOTES.txt"];

describe("manifests in pages and examples", () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane();
    const items = render().filter(({ kind }) => kind === "CustomResourceDefinition");
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await cluster.kubectl(["apply", "--server-side", "-f", "-"], list);
    await untilCrdsEstablished(cluster);
  });
  after(() => cluster.stop());

  const accepts = (manifest: string) =>
    cluster.kubectl(["apply", "--dry-run=server", "--validate=strict", "-f", "-"], manifest);

  for (const file of globSync("examples/*.yaml", { cwd: ROOT })) {
    it(`${file} is accepted`, async () => {
      const namespaces = documents(read(file)).flatMap(({ metadata }) => metadata.namespace ?? []);
      for (const namespace of new Set(namespaces)) {
        await cluster.kubectl(["create", "namespace", namespace]);
      }
      const said = await accepts(read(file));
      assert.equal(said.trim().split("\n").length, documents(read(file)).length, said);
    });
  }

  it("examples use node ports that Kubernetes rarely assigns automatically", () => {
    const ports = globSync("examples/*.yaml", { cwd: ROOT })
      .flatMap((file) => documents(read(file)))
      .filter(({ spec }) => spec?.exposure?.type === "NodePort")
      .flatMap(({ spec: { exposure, passive } }) => [exposure.nodePort.controlPort, passive.portRange.last]);
    assert.ok(ports.length > 0);
    assert.deepEqual(
      ports.filter((port) => port > 30_085),
      [],
    );
  });

  it("Chart.yaml: its examples of the CRDs are accepted", async () => {
    const chart = documents(read("charts/ftp-operator/Chart.yaml"))[0]!;
    const items = documents(chart["annotations"]["artifacthub.io/crdsExamples"]).flat();
    const said = await accepts(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    assert.equal(said.trim().split("\n").length, items.length, said);
  });

  it("crds/ is accepted by a client-side apply, whose annotation contains each CRD", async () => {
    const said = await cluster.kubectl(["apply", "--server-side=false", "-f", join(ROOT, "crds")]);
    assert.equal(said.trim().split("\n").length, globSync("crds/*.yaml", { cwd: ROOT }).length, said);
    const stored = await cluster.kubectl(["get", "crd", "ftpservers.ftp-operator.io", "-o", "json"]);
    assert.match(stored, /kubectl\.kubernetes\.io\/last-applied-configuration/);
  });

  for (const file of INLINE) {
    it(`${file}: its manifest is accepted`, async () => {
      const [manifest = "", ...others] = inlineManifests(file);
      assert.deepEqual(others, []);
      assert.match(await accepts(manifest), /ftpserver\S*\/demo created/);
    });
  }
});

test("docs/index.md links to every page", () => {
  const index = read("docs/index.md");
  const pages = globSync("**/*.md", {
    cwd: join(ROOT, "docs"),
    exclude: ["operations/runbooks/*", "contributing/decisions/*"],
  });
  assert.deepEqual(
    pages.filter((page) => page !== "index.md" && !index.includes(`](${page})`)),
    [],
  );
});

describe("pages of the documentation", () => {
  const PAGES = ["README.md", ...globSync(["docs/**/*.md", "charts/*/README.md"], { cwd: ROOT })];

  for (const page of PAGES) {
    it(`${page} links to files that exist`, () => {
      const prose = read(page).replaceAll(/^ *```[^]*?^ *```/gm, "");
      const links = [...prose.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = ""]) => link);
      const dead = links.filter((link) => !existsSync(join(ROOT, dirname(page), link)));
      assert.deepEqual(dead, []);
    });
  }

  it("name existing make targets", () => {
    const targets = new Set(
      [...read("Makefile").matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, target]) => target),
    );
    const text = PAGES.map((page) => read(page)).join("\n");
    const named = [...text.matchAll(/(?:^|`)make ([a-z][a-z0-9-]*)/gm)];
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.map(([, target]) => target).filter((target) => !targets.has(target)),
      [],
    );
  });
});
