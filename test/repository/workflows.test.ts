import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { run } from "../cluster/run.ts";
import { readYaml } from "../support/yaml.ts";
import { actionlint, isInstalled } from "./actionlint.ts";

const ROOT = join(import.meta.dirname, "../..");
const WORKFLOWS = globSync(".github/workflows/*.yml", { cwd: ROOT });
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  defaults?: { run: { shell: string } };
  permissions: Record<string, string>;
  jobs: Record<
    string,
    { permissions?: Record<string, string>; "timeout-minutes"?: number; "runs-on": string; steps: Step[] }
  >;
}
const workflow = (file: string): Workflow => readYaml(join(ROOT, file));

describe("workflows", () => {
  it("pass actionlint, with shellcheck where it is installed", async () => {
    await run([await actionlint(), "-no-color", ...WORKFLOWS], { cwd: ROOT });
  });

  it("pin each action to the same full commit hash everywhere, with its version", () => {
    const lines = WORKFLOWS.flatMap((file) => read(file).match(/^.*\buses:.*$/gm) ?? []);
    assert.ok(lines.length > 10);
    const pins = new Map<string, string>();
    for (const line of lines) {
      const [, action = "", pin = ""] =
        /uses: ([\w.-]+\/[\w.-]+)\S*@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(line) ?? [];
      assert.notEqual(action, "", `${line.trim()}: write \`uses: OWNER/NAME@<40 hex digits> # vX.Y.Z\``);
      assert.equal(pin, pins.get(action) ?? pin, `${action} has two pins`);
      pins.set(action, pin);
    }
  });

  for (const file of WORKFLOWS) {
    const { permissions, jobs, defaults } = workflow(file);

    it(`${file} has read-only permissions by default, and each job has a time limit`, () => {
      assert.deepEqual(permissions, { contents: "read" });
      for (const [name, job] of Object.entries(jobs)) {
        assert.ok(job.permissions, `job ${name}: list its permissions`);
        assert.ok(job["timeout-minutes"], `job ${name}: set timeout-minutes`);
        assert.equal(job["runs-on"], "ubuntu-24.04", `job ${name}`);
      }
    });

    it(`${file} fails when a command in a pipe fails`, () => {
      const runs = Object.values(jobs).flatMap(({ steps }) => steps.filter((step) => step.run !== undefined));
      if (runs.length > 0) assert.equal(defaults?.run.shell, "bash");
    });

    it(`${file} stores no token in the checkout`, () => {
      const checkouts = Object.values(jobs)
        .flatMap(({ steps }) => steps)
        .filter(({ uses }) => uses?.startsWith("actions/checkout@"));
      for (const checkout of checkouts) assert.equal(checkout.with?.["persist-credentials"], false);
    });

    it(`${file} runs no package of a third party in a job that can write`, () => {
      for (const [name, job] of Object.entries(jobs)) {
        const writes = Object.values(job.permissions ?? {}).includes("write");
        const commands = job.steps.map(({ run: command = "" }) => command).join("\n");
        if (writes) assert.doesNotMatch(commands, /\b(?:npm|npx|make|go|pip)\b/, `job ${name}`);
      }
    });

    it(`${file} runs make targets and files that exist`, () => {
      const targets = new Set([...read("Makefile").matchAll(/^([a-z0-9-]+):/gm)].map(([, target]) => target));
      const commands = Object.values(jobs).flatMap(({ steps }) =>
        steps.map(({ run: command = "" }) => command),
      );
      const used = commands.flatMap((command) => [...command.matchAll(/\bmake ([a-z][a-z0-9-]*)/g)]);
      assert.deepEqual(
        used.map(([, target]) => target).filter((target) => !targets.has(target)),
        [],
      );
    });
  }
});

describe("the release workflow", () => {
  it("publishes files that `make release` writes", () => {
    const files = read(".github/workflows/release.yml").matchAll(
      /\brelease\/([\w.]+\.(?:txt|json|md))\b(?!\.)/g,
    );
    const named = new Set(
      [...files].map(([, file = ""]) => file).filter((file) => !file.includes("sigstore")),
    );
    assert.deepEqual([...named].toSorted(), ["RELEASE_NOTES.md", "checksums.txt", "sbom.cdx.json"]);
    const source = globSync("tools/release/**/*.ts", { cwd: ROOT }).map(read).join("");
    for (const file of named) assert.ok(source.includes(`"${file}"`), file);
  });
});

describe("bash scripts", () => {
  it("pass shellcheck", async (t) => {
    if (!(await isInstalled("shellcheck")))
      return t.skip("shellcheck is not installed: apt-get install shellcheck");
    const tracked = (await run(["git", "ls-files"], { cwd: ROOT })).trim().split("\n");
    const scripts = tracked.filter(
      (file) =>
        file.endsWith(".sh") ||
        (/^(?:\.ci|tools)\//.test(file) && read(file).startsWith("#!/usr/bin/env bash")),
    );
    assert.ok(scripts.length > 1);
    await run(["shellcheck", ...scripts], { cwd: ROOT });
  });
});
