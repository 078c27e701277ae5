import assert from "node:assert/strict";
import { test } from "node:test";
import { namespaceNames } from "../../src/cli/arguments.ts";

test("--namespaces selects every namespace when its value is empty", () => {
  assert.equal(namespaceNames(""), undefined);
  assert.deepEqual(namespaceNames("team-a,team-b"), ["team-a", "team-b"]);
});
