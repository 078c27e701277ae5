/** Tests the files that mention the version, and the command that updates these files. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parseChangelog } from "../../../tools/release/changelog.ts";
import { releaseSource } from "../../../tools/release/checkout.ts";
import { MENTIONING_FILES, mentionsIn, mentionsInText } from "../../../tools/release/mentions.ts";
import { compareVersions, requireVersion } from "../../../tools/release/version.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { CHANGE, createCheckout, ROOT } from "./checkout.ts";

interface Lock {
  version: string;
  packages: Record<string, { version: string }>;
}

test("all mentions of the version agree with package.json", async () => {
  const { version }: { version: string } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const mentions = await mentionsIn(ROOT);
  assert.ok(new Set(mentions.map(({ file }) => file)).size >= 5, "few files name the version");
  assert.deepEqual(
    mentions.filter((mention) => mention.version !== version),
    [],
    `these name another version than ${version}: make version VERSION=x.y.z sets all of them`,
  );
  const lock: Lock = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8"));
  assert.deepEqual([lock.version, lock.packages[""]?.version], [version, version]);
  const { sections } = parseChangelog(await readFile(join(ROOT, "CHANGELOG.md"), "utf8"));
  assert.equal(sections[0]?.version ?? version, version, "the newest section of CHANGELOG.md");
});

test("a version is found in all formats that pages use", () => {
  const forms = [
    "image: ghcr.io/ftp-operator/ftp-operator:1.2.3",
    "--set-string image.tag=1.2.3",
    "      tag: 1.2.3",
    'appVersion: "1.2.3"',
    "helm upgrade --install x oci://ghcr.io/ftp-operator/charts/ftp-operator --version 1.2.3",
    "helm upgrade --install x oci://ghcr.io/ftp-operator/charts/ftp-operator --namespace y --version 1.2.3",
    "    chart: ftp-operator\n    targetRevision: 1.2.3",
    "https://github.com/ftp-operator/ftp-operator/releases/download/v1.2.3/install.yaml",
    "kubectl-ftpsrv-v1.2.3-linux-amd64.tar.gz",
    "ftp-operator-1.2.3.tgz",
    "ftp-operator-olm-bundle-1.2.3.tar.gz",
    "ftp-operator 1.2.3 (Node.js 26.10.0)",
    "ftp-operator 1.2.3 serves FtpServer demo",
    "plugin     1.2.3     -         26.10.0   -      -",
  ];
  for (const version of ["1.2.3", "1.2.3-rc.1"]) {
    for (const form of forms.map((text) => text.replace("1.2.3", version))) {
      const expected = [{ file: "page.md", line: form.split("\n").length, version }];
      assert.deepEqual(mentionsInText("page.md", form), expected, form);
    }
  }
  for (const other of ["Kubernetes 1.31.0", "node:26.10.0", "go 1.26.8", "ftp-operator needs 1.31.0"])
    assert.deepEqual(mentionsInText("page.md", other), [], other);
});

test("versions are ordered as in Semantic Versioning, section 11", () => {
  const ordered = [
    "0.9.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.10.0",
    "2.0.0",
  ];
  for (const version of ordered) requireVersion(version);
  assert.deepEqual(ordered.toReversed().toSorted(compareVersions), ordered);
});

test("make version changes all mentions and adds a heading, and a release uses that commit unchanged", async () => {
  await inTemporaryFolder(async (folder) => {
    const { git, next, release, version } = await createCheckout(folder);
    const { code, stdout, stderr } = await release("version", next);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ {2}package-lock\.json$/mu);
    const mentions = await mentionsIn(folder);
    assert.deepEqual([...new Set(mentions.map((mention) => mention.version))], [next]);
    const pattern = `(^|[^0-9.])${version.replaceAll(".", String.raw`\.`)}($|[^0-9.])`;
    const old = await git("grep", "-nE", pattern, "--", ...MENTIONING_FILES).catch(() => "");
    assert.equal(old, "", "mentioned in a form that tools/release/mentions.ts does not know");
    const { unreleased, sections } = parseChangelog(await readFile(join(folder, "CHANGELOG.md"), "utf8"));
    assert.equal(unreleased, "");
    assert.equal(sections[0]?.version, next);
    assert.ok(sections[0]?.body.includes(CHANGE));
    const diff = await git("diff", "--unified=0", "--", ":!CHANGELOG.md");
    const changed = diff.split("\n").filter((line) => /^[+-](?![+-])/u.test(line));
    assert.deepEqual(
      changed.filter((line) => !line.includes(line.startsWith("+") ? next : version)),
      [],
    );

    await git("commit", "--quiet", "--all", "--message", "release: set the version");
    const commit = (await git("rev-parse", "HEAD")).trim();
    const source = await releaseSource(folder, next);
    assert.deepEqual([source.changes.size, source.commit], [0, commit]);
    assert.match((await release("version", next)).stdout, /already has version/u);
  });
});
