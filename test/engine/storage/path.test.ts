import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { EngineError } from "../../../src/engine/errors.ts";
import { MAX_PATH_DEPTH, resolvePath } from "../../../src/engine/storage/path.ts";

/** Returns a path that consists of the given number of names. */
const deep = (names: number): string => "/d".repeat(names);

const RESOLVED: readonly [directory: string, argument: string, path: string][] = [
  ["/", "a", "/a"],
  ["/a", "b/c", "/a/b/c"],
  ["/a", "/b", "/b"],
  ["/a/b", "..", "/a"],
  ["/a", "../../../..", "/"],
  ["/", "..", "/"],
  ["/a", "./b//c/", "/a/b/c"],
  ["/a", "", "/a"],
  ["/", "%2e%2e", "/%2e%2e"],
  ["/", "été", "/été"],
  ["/\udce9", "\udcff/..//\udce4", "/\udce9/\udce4"],
  ["/", "\udce4".repeat(255), `/${"\udce4".repeat(255)}`],
  ["/", deep(MAX_PATH_DEPTH), deep(MAX_PATH_DEPTH)],
  [deep(MAX_PATH_DEPTH), "../x", `${deep(MAX_PATH_DEPTH - 1)}/x`],
];

for (const [directory, argument, path] of RESOLVED) {
  test(`resolvePath resolves ${JSON.stringify(argument)} in ${directory} to ${path}`.slice(0, 80), () => {
    assert.equal(resolvePath(directory, argument), path);
  });
}

const REFUSED: readonly [argument: string, why: RegExp][] = [
  ["a\u0000b", /Control characters/],
  ["a\rb", /Control characters/],
  ["a\nb", /Control characters/],
  ["a\u007f", /Control characters/],
  ["a\u0085b", /Control characters/],
  ["\ud800", /Unpaired surrogates/],
  ["a\udc0a", /Unpaired surrogates/],
  ["\udce4".repeat(256), /name is too long/],
  ["x".repeat(256), /name is too long/],
  ["é".repeat(128), /name is too long/],
  ["abc/".repeat(1100), /path is too long/],
  ["d/".repeat(2000), /at most 128 names/],
  [".ftp-operator-1", /reserved/],
  ["a/.ftp-operator-1/b", /reserved/],
  // On case-insensitive volumes, these names refer to the same file.
  [".FTP-Operator-partial-1", /reserved/],
  ["\u200b.ftp\u00ad-operator-partial-1", /reserved/],
];

for (const [argument, why] of REFUSED) {
  test(`resolvePath rejects ${JSON.stringify(argument).slice(0, 30)}`, () => {
    assert.throws(
      () => resolvePath("/", argument),
      (error) => error instanceof EngineError && error.code === "NameNotAllowed" && why.test(error.message),
    );
  });
}

// id: input-limits-4
test("resolvePath rejects a path of more than MAX_PATH_DEPTH names, even after relative steps", () => {
  const deepest = resolvePath("/", deep(MAX_PATH_DEPTH));
  for (const [directory, argument] of [
    ["/", deep(MAX_PATH_DEPTH + 1)],
    [deepest, "d"],
    [deepest, "./d/../d"],
  ] as const)
    assert.throws(() => resolvePath(directory, argument), /at most 128 names/u);
});

// id: path-traversal
test("resolvePath returns an absolute, normalized path that resolves to itself", () => {
  const part = fc.oneof(fc.constantFrom("..", ".", "", "/", "a", "\\", "...", "\udce4"), fc.string());
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (first, second) => {
      try {
        const directory = resolvePath("/", first.join("/"));
        const path = resolvePath(directory, second.join("/"));
        assert.match(path, /^\//);
        assert.ok(path.split("/").every((name) => name !== ".." && name !== "."));
        assert.equal(resolvePath("/", path), path);
      } catch (error) {
        assert.ok(error instanceof EngineError && error.code === "NameNotAllowed");
      }
    }),
    { numRuns: 2000 },
  );
});
