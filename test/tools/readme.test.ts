import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const rows = [...read("tools/README.md").matchAll(/^\| \[([\w-]+)\]\(([\w-]+)\) \| (.+) \| (.*)\|$/gm)].map(
  ([, name = "", folder = "", , command = ""]) => ({ name, folder, command: command.trim() }),
);
const folders = readdirSync(join(ROOT, "tools"), { withFileTypes: true })
  // A folder can remain empty after Git has moved its files.
  .filter((entry) => entry.isDirectory() && readdirSync(join(ROOT, "tools", entry.name)).length > 0)
  .map(({ name }) => name);

describe("tools/README.md", () => {
  it("lists all folders of tools/ in alphabetical order", () => {
    assert.deepEqual(
      rows.map(({ name }) => name),
      folders.toSorted(),
    );
    for (const { name, folder } of rows) assert.equal(name, folder);
  });

  for (const { name, command } of rows.filter((row) => row.command !== ""))
    it(`names a command that runs tools/${name}`, () => {
      const [, program, target = ""] = /^`(make|npm run) ([\w:-]+)`$/.exec(command) ?? [];
      const scripts: Record<string, string> = JSON.parse(read("package.json")).scripts;
      const makefile = read("Makefile");
      const recipe = new RegExp(`^${target}:.*\\n((?:.*\\S.*\\n)*)`, "m").exec(makefile)?.[1] ?? "";
      const script = /npm run --silent (\S+)/.exec(recipe)?.[1] ?? target;
      const commands = program === "make" ? `${recipe}${scripts[script] ?? ""}` : (scripts[target] ?? "");
      assert.ok(commands.includes(`tools/${name}/`), commands);
    });
});

describe("a tool", () => {
  for (const name of folders.filter((folder) => !["docs", "support"].includes(folder)))
    it(`has a main program: tools/${name}`, () => {
      const programs = ["main.ts", "main.sh"].map((file) => join(ROOT, "tools", name, file));
      assert.ok(programs.some((file) => existsSync(file)));
    });
});
