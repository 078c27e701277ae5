import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { test } from "node:test";
import { arrowsOf, cycleIn, readImports, SOURCE } from "../tools/docs/imports.ts";

/** Allowed imports of each folder or file in src/. The source map in docs/contributing shows the actual imports. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["cli"],
  "kubectl-ftpsrv.ts": ["cli"],
  cli: [
    "operator/run",
    "operator/buckets",
    "operator/certificates",
    "operator/passwords",
    "plan",
    "engine/main",
    "engine/admin",
    "probe",
    "api",
    "common",
  ],
  operator: ["plan", "kube", "probe", "health", "api", "common"],
  engine: [
    "api/engine-config",
    "api/engine-notifications",
    "api/engine-report",
    "api/engine-storage",
    "api/engine-tls",
    "api/file-modes",
    "api/hash-cost",
    "api/log-event",
    "api/notification-report",
    "api/password-hash",
    "health",
    "common",
  ],
  plan: ["api", "common"],
  kube: ["api/kubernetes", "common"],
  probe: ["common"],
  health: ["common"],
  api: ["common"],
  common: [],
};

const imports = readImports();
const arrows = arrowsOf(imports);

test("each folder of src/ imports only the folders that it can import", () => {
  const wrong = [...imports].flatMap(([file, targets]) => {
    const [folder = ""] = file.split("/");
    const allowed = ALLOWED[folder];
    assert.ok(allowed, `${folder} is missing in ALLOWED`);
    return targets
      .filter((target) => target.split("/")[0] !== folder)
      .filter((target) => !allowed.some((path) => target === `${path}.ts` || target.startsWith(`${path}/`)))
      .map((target) => `${file} -> ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test("no files of src/ import each other in a cycle, type imports included", () => {
  assert.equal(cycleIn(imports)?.join(" -> "), undefined);
});

test("no folders of src/ import each other in a cycle, type imports included", () => {
  assert.equal(cycleIn(arrows)?.join(" -> "), undefined);
});

test("a cycle is found and named", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["d", ["b"]],
  ]);
  assert.deepEqual(cycleIn(graph), ["b", "d", "b"]);
});

/** Folders and files whose code performs no input or output. */
const PURE = ["plan/**", "api/**", "engine/protocol/**", "engine/passive/reservation-book.ts"];
const IO = /from "node:(?:fs|net|http|https|dns|child_process|worker_threads)/u;
/** Matches imports of the `node:net` functions that only parse text. */
const PARSING = /import (?:type )?\{ (?:(?:BlockList|isIP|isIPv4|isIPv6|type \w+),? ?)+\} from "node:net";/u;

test("the plan, the API and the protocol of the engine perform no input or output", () => {
  const files = [...imports.keys()].filter((file) => PURE.some((pattern) => matchesGlob(file, pattern)));
  assert.ok(files.length > 50);
  const wrong = files.filter((file) =>
    IO.test(readFileSync(join(SOURCE, file), "utf8").replace(PARSING, "")),
  );
  assert.deepEqual(wrong, []);
});
