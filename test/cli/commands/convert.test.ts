import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { load, loadAll } from "js-yaml";
import { FIRST_DRAFT_CHANGES, firstDraftFields, segmentsOf } from "../../../src/api/first-draft.ts";
import { readCrds } from "../../../tools/generate-api/files.ts";
import { schemaOf } from "../../../tools/generate-api/crd.ts";
import { validate } from "../../../src/api/validate.ts";
import { convertText } from "../../../src/cli/manifests/convert-text.ts";
import { partsOf } from "../../../tools/crds/conventions/part.ts";
import { ROOT } from "../../api/crd.ts";
import { ftpOperator } from "../../support/cli/command-line.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { COMMENTED, COMMENTED_NOW, OLD_SERVER, OLD_USER } from "../../support/cli/first-draft.ts";

const OLD_OBJECTS = { FtpServer: OLD_SERVER, FtpUser: OLD_USER };

describe("ftp-operator convert", () => {
  it("rewrites every field of the first draft into valid objects", () => {
    const found = new Set<string>();
    for (const [kind, object] of Object.entries(OLD_OBJECTS)) {
      for (const { change } of firstDraftFields(object)) found.add(`${change.kind} ${change.path}`);
      const { text, changes } = convertText(JSON.stringify(object));
      assert.equal(changes.length, firstDraftFields(object).length);
      const converted: unknown = JSON.parse(text);
      assert.deepEqual(validate(kind === "FtpServer" ? kind : "FtpUser", converted), []);
    }
    assert.deepEqual(
      [...found].toSorted(),
      FIRST_DRAFT_CHANGES.map(({ kind, path }) => `${kind} ${path}`).toSorted(),
    );
  });

  it("converts YAML and JSON to the same objects", () => {
    const { text } = convertText(
      JSON.stringify(OLD_SERVER, undefined, 1).replaceAll(/^(\s*)"(\w+)":/gm, "$1$2:"),
    );
    assert.deepEqual(load(text), JSON.parse(convertText(JSON.stringify(OLD_SERVER)).text));
  });

  it("keeps comments, the order of fields and the bytes of other documents", () => {
    assert.equal(convertText(COMMENTED).text, COMMENTED_NOW);
  });

  it("changes nothing the second time", () => {
    assert.deepEqual(convertText(COMMENTED_NOW), { text: COMMENTED_NOW, changes: [] });
    const { text } = convertText(JSON.stringify(OLD_SERVER));
    assert.deepEqual(convertText(text), { text, changes: [] });
  });

  it("converts the items of Lists, and Lists in Lists", () => {
    const inner = { apiVersion: "ftp-operator.io/v1alpha1", kind: "FtpServerList", items: [OLD_SERVER] };
    const list = { apiVersion: "v1", kind: "List", items: [inner, OLD_USER, { kind: "ConfigMap" }] };
    const { text } = convertText(JSON.stringify(list));
    const result: { items: [{ items: object[] }, object, object] } = JSON.parse(text);
    assert.deepEqual([...result.items[0].items, result.items[1]].flatMap(firstDraftFields), []);
    assert.deepEqual(result.items[2], { kind: "ConfigMap" });
  });

  it("converts a field inside an anchor once", () => {
    const { text } = convertText(
      "kind: List\nitems:\n" +
        ["a", "b"]
          .map(
            (name) =>
              `- {apiVersion: ftp-operator.io/v1alpha1, kind: FtpServer, metadata: {name: ${name}}, spec: {tls: ${name === "a" ? "&tls {secretName: x}" : "*tls"}}}\n`,
          )
          .join(""),
    );
    assert.match(text, /tls: &tls \{certificateRef: \{name: x\}\}/);
    assert.deepEqual(firstDraftFields(load(text)), []);
  });

  it("rejects a field that is set in both forms with different values", async () => {
    const both = (name: string): string =>
      `apiVersion: ftp-operator.io/v1alpha1\nkind: FtpServer\nmetadata: {name: demo}\nspec: {tls: {secretName: a, certificateRef: {name: ${name}}}}\n`;
    const { code, stdout, stderr } = await ftpOperator(["convert", "-f", "-"], both("b"));
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
      stderr,
      /-: FtpServer demo: spec\.tls\.secretName is now spec\.tls\.certificateRef\.name, and both are set\nhint: remove one/m,
    );
    assert.match(convertText(both("a")).text, /\{tls: \{certificateRef: \{name: a\}\}\}/);
  });

  it("rejects invalid YAML and missing files with an error and a hint", async () => {
    const invalid = await ftpOperator(["convert", "-f", "-"], "a: [b");
    assert.deepEqual([invalid.code, invalid.stderr.split("\n").length], [2, 3]);
    assert.match(invalid.stderr, /^error: -: invalid YAML: .*\nhint: /);
    const missing = await ftpOperator(["convert", "-f", "/missing.yaml"]);
    assert.deepEqual([missing.code, missing.stdout], [2, ""]);
    assert.match(missing.stderr, /no such file/);
  });

  it("rejects a Helm template with a field to convert, and copies other templates", () => {
    const template = (field: string): string =>
      `apiVersion: ftp-operator.io/v1alpha1\nkind: FtpServer\nmetadata: {name: demo}\nspec: {replicas: {{ .Values.replicas }}, tls: {${field}}}\n`;
    assert.throws(() => convertText(template("secretName: a")), {
      name: "ConversionError",
      message: /template expressions/,
    });
    assert.equal(convertText(template("mode: Disabled")).text, template("mode: Disabled"));
  });

  it("prints the files as one stream and reports each change", async () => {
    await inTemporaryFolder(async (folder) => {
      const [first, second] = [join(folder, "a.yaml"), join(folder, "b.json")];
      await writeFile(first, COMMENTED);
      await writeFile(second, JSON.stringify(OLD_USER));
      const { code, stdout, stderr } = await ftpOperator(["convert", "-f", first, "-f", second]);
      assert.equal(code, 0);
      assert.equal(loadAll(stdout).length, loadAll(COMMENTED).length + 1);
      assert.ok(
        stderr.includes(`${first}: FtpServer demo: spec.maintenance is now spec.maintenance.mode\n`),
        stderr,
      );
    });
  });

  it("rewrites files with --write if they contain fields to convert", async () => {
    await inTemporaryFolder(async (folder) => {
      const file = join(folder, "server.yaml");
      await writeFile(file, COMMENTED);
      const { code, stdout } = await ftpOperator(["convert", "-f", file, "--write"]);
      assert.deepEqual([code, stdout], [0, ""]);
      assert.equal(await readFile(file, "utf8"), COMMENTED_NOW);
      const again = await ftpOperator(["convert", "-f", file, "--write"]);
      assert.match(again.stderr, /no first-draft field found/);
    });
    assert.equal((await ftpOperator(["convert", "-f", "-", "--write"])).code, 2);
  });
});

describe("ftp-operator render", () => {
  it("names the new field of every field of the first draft, and the command that converts the file", async () => {
    const { code, stdout, stderr } = await ftpOperator(["render", "-f", "-"], JSON.stringify(OLD_SERVER));
    assert.deepEqual([code, stdout], [2, ""]);
    const lines = stderr
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^error: -: FtpServer demo: /, ""));
    assert.equal(lines.length, firstDraftFields(OLD_SERVER).length + 1);
    for (const line of [
      "spec.tls.secretName is now spec.tls.certificateRef.name",
      "spec.tls.clearControl: Allowed is now Allow",
      "spec.limits.failedLogins.banSeconds: 0 is now spec.limits.failedLogins.bans: Disabled",
      "spec.passive.address.static is now spec.passive.address.static.address",
      "status.slots[0].passivePorts has a different type",
      "hint: convert the fields with `ftp-operator convert --filename -`",
    ])
      assert.ok(lines.includes(line), `${line} is not in\n${stderr}`);
  });
});

describe("the table of the first draft", () => {
  it("contains every field that the schemas mark as renamed, with the same new path", async () => {
    const { ftpserver, ftpuser } = await readCrds(ROOT);
    for (const crd of [ftpserver, ftpuser]) {
      for (const { path, schema } of partsOf(schemaOf(crd)).filter(
        (part) => part.schema.renamed !== undefined,
      )) {
        const change = FIRST_DRAFT_CHANGES.find(
          (one) => one.kind === crd.spec.names.kind && one.path === path,
        );
        assert.ok(change, `${path} is not in src/api/first-draft.ts`);
        assert.ok(change.now === schema.renamed || change.now.startsWith(`${schema.renamed}.`), path);
      }
    }
  });

  it("contains only existing fields as replacements", async () => {
    const { ftpserver, ftpuser } = await readCrds(ROOT);
    const paths = [ftpserver, ftpuser].map((crd) => new Set(partsOf(schemaOf(crd)).map(({ path }) => path)));
    for (const { kind, now } of FIRST_DRAFT_CHANGES) {
      assert.ok(paths[kind === "FtpServer" ? 0 : 1]?.has(now), now);
      assert.ok(segmentsOf(now).length > 1);
    }
  });
});
