import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";

const SOURCE = join(import.meta.dirname, "../src");

/** What each part of src/ may import from the others; docs/architecture.md draws the same. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["cli"],
  "kubectl-ftpsrv.ts": ["cli"],
  cli: [
    "operator/run",
    "operator/certificates",
    "operator/passwords",
    "plan",
    "engine/main",
    "engine/admin",
    "probe",
    "api",
    "common",
  ],
  operator: ["plan", "kube", "api", "health", "probe", "common"],
  plan: ["api", "common"],
  kube: ["api/kubernetes", "common"],
  engine: [
    "api/engine-config",
    "api/engine-report",
    "api/file-modes",
    "api/hash-cost",
    "api/password-hash",
    "health",
    "common",
  ],
  api: ["common"],
  common: [],
  health: ["common"],
  probe: ["common"],
};

const IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), "utf8");
  return [...text.matchAll(IMPORT)].map(([, path = ""]) =>
    relative(SOURCE, join(SOURCE, dirname(file), path)),
  );
}

test("imports between the parts of src/ point one way", () => {
  const wrong = globSync("**/*.ts", { cwd: SOURCE }).flatMap((file) => {
    const [part = ""] = file.split("/");
    const allowed = ARROWS[part];
    assert.ok(allowed, `${file} belongs to no part of the table`);
    const foreign = importsOf(file).filter((path) => path.split("/")[0] !== part);
    return foreign
      .filter((path) => !allowed.some((arrow) => path === `${arrow}.ts` || path.startsWith(`${arrow}/`)))
      .map((path) => `${file} -> ${path}`);
  });
  assert.deepEqual(wrong, []);
});

test("the plan and the engine's protocol do no I/O", () => {
  const pure = [
    "plan/**/*.ts",
    "api/*.ts",
    "engine/protocol/*.ts",
    "engine/session/state.ts",
    "engine/passive/port-allocation.ts",
  ];
  const io = /from "node:(?:fs|net|http|https|dns|child_process|worker_threads)/;
  // isIPv4 and BlockList only look at text.
  const harmless =
    /import (?:type )?\{ (?:(?:BlockList|isIP|isIPv4|isIPv6|type \w+),? ?)+\} from "node:net";/;
  const files = pure.flatMap((pattern) => globSync(pattern, { cwd: SOURCE }));
  assert.ok(files.length > 30);
  const wrong = files.filter((file) =>
    io.test(readFileSync(join(SOURCE, file), "utf8").replace(harmless, "")),
  );
  assert.deepEqual(wrong, []);
});
