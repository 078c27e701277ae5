/** Builds a release once. Tests each release file with the program that uses the file. */
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { documents, helm, one } from "../../charts/helm.ts";
import { run } from "../../cluster/run.ts";
import { makeTemporaryFolder } from "../../cluster/temporary.ts";
import { CHANGE, type Checkout, createCheckout } from "./checkout.ts";
import { describePlugin } from "./plugin.ts";
import { buildValidators, validateBundle } from "./validators.ts";

const PLATFORMS = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64"];

describe("a release", () => {
  let parent: string;
  let checkout: Checkout;
  let version: string;
  /** Path of dist/release/ in the checkout. */
  let folder: string;

  const build = async (name: string): Promise<Checkout> => {
    const built = await createCheckout(join(parent, name));
    const { code, stderr } = await built.release("build", built.next);
    assert.equal(code, 0, stderr);
    return built;
  };
  const file = (name: string): string => join(folder, name);

  before(async () => {
    parent = await makeTemporaryFolder();
    [checkout] = await Promise.all([build("first"), buildValidators()]);
    version = checkout.next;
    folder = join(checkout.folder, "dist/release");
  });
  after(async () => {
    await rm(parent, { recursive: true, force: true });
  });

  it("contains the documented files and does not change the checkout", async () => {
    assert.deepEqual(
      await readdir(folder),
      [
        "RELEASE_NOTES.md",
        "checksums.txt",
        "crds.yaml",
        `ftp-operator-${version}.tgz`,
        `ftp-operator-olm-bundle-${version}.tar.gz`,
        "ftpsrv.yaml",
        "install-namespaced.yaml",
        "install.yaml",
        ...PLATFORMS.map((platform) => `kubectl-ftpsrv-v${version}-${platform}.tar.gz`),
        "sbom.cdx.json",
        "sbom.spdx.json",
      ].toSorted(),
    );
    assert.equal(await checkout.git("status", "--porcelain"), "");
    assert.deepEqual(await readdir(join(checkout.folder, "dist")), ["release"]);
  });

  it("has checksums of all other files", async () => {
    const checked = await run(["sha256sum", "--check", "--strict", "checksums.txt"], { cwd: folder });
    const names = checked
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/: OK$/u, ""));
    const others = (await readdir(folder)).filter((name) => name !== "checksums.txt");
    assert.deepEqual(names.toSorted(), others.toSorted());
  });

  it("has a chart package with its version, its image and its changes", async () => {
    const chart = file(`ftp-operator-${version}.tgz`);
    const linted = helm(["lint", "--strict", chart]);
    assert.equal(linted.status, 0, linted.stdout);
    const [metadata] = documents(helm(["show", "chart", chart]).stdout);
    assert.deepEqual([metadata?.["version"], metadata?.["appVersion"]], [version, version]);
    const annotations: Record<string, string> = metadata?.["annotations"];
    assert.match(annotations["artifacthub.io/changes"] ?? "", new RegExp(CHANGE, "u"));
    assert.equal(annotations["artifacthub.io/prerelease"], "false");
    const { stdout } = helm(["template", "release", chart, "--namespace", "ftp-system"]);
    const [container] = one(documents(stdout), "Deployment")["spec"].template.spec.containers;
    assert.equal(container.image, `ghcr.io/ftp-operator/ftp-operator:${version}`);
  });

  it("has an OLM bundle that is valid for OperatorHub", async () => {
    const bundle = join(parent, "bundle");
    await mkdir(bundle);
    await run(["tar", "-xzf", file(`ftp-operator-olm-bundle-${version}.tar.gz`), "-C", bundle]);
    const { code, stdout } = await validateBundle(join(bundle, "bundle"));
    assert.equal(code, 0, stdout);
    // The OperatorHub validator ignores API versions. Its warnings about events.k8s.io/v1 and policy/v1 are wrong,
    // because Kubernetes removed only the beta versions.
    const findings = stdout
      .trimEnd()
      .split("\n")
      .filter((line) => !line.includes("were deprecated and removed in v1.25"));
    assert.deepEqual(findings, [""].slice(1));

    const broken = join(parent, "broken");
    await run(["cp", "-r", join(bundle, "bundle"), broken]);
    await rm(join(broken, "manifests/ftpusers.ftp-operator.io.yaml"));
    assert.equal((await validateBundle(broken)).code, 1, "a bundle without an owned CRD");
  });

  it("has SBOMs with the packages of the image, and notes with its changes", async () => {
    const cyclonedx = JSON.parse(await readFile(file("sbom.cdx.json"), "utf8"));
    const spdx = JSON.parse(await readFile(file("sbom.spdx.json"), "utf8"));
    assert.deepEqual([cyclonedx.bomFormat, spdx.spdxVersion.slice(0, 5)], ["CycloneDX", "SPDX-"]);
    assert.equal(cyclonedx.metadata.component.version, version);
    const names = new Set<string>(cyclonedx.components.map((component: { name: string }) => component.name));
    const { dependencies } = JSON.parse(
      await readFile(join(import.meta.dirname, "../../../package.json"), "utf8"),
    );
    assert.deepEqual(
      Object.keys(dependencies).filter((name) => !names.has(name)),
      [],
    );
    assert.ok(!names.has("typescript"));
    assert.match(
      await readFile(file("RELEASE_NOTES.md"), "utf8"),
      new RegExp(`^## Fixed\n\n- ${CHANGE}$`, "mu"),
    );
  });

  describePlugin(() => ({ folder, version, platforms: PLATFORMS }));

  it("has the same bytes when it is built in another folder", async () => {
    const again = await build("second");
    const sums = async (built: Checkout): Promise<string> =>
      await readFile(join(built.folder, "dist/release/checksums.txt"), "utf8");
    assert.equal(await sums(again), await sums(checkout));
  });
});
