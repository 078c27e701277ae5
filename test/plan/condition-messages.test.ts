import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { serverOf, userOf, World } from "./world.ts";

describe("messages of conditions", () => {
  it("name some of a thousand problems and count the others", () => {
    const users = Array.from({ length: 1000 }, (_, index) => ({
      ...userOf(`u${index}`),
      homeDirectory: "/../x",
    }));
    const world = new World(serverOf({ users }));
    world.step();
    const { message } = world.server.status?.conditions?.find(({ type }) => type === "Stalled") ?? {
      message: "",
    };
    assert.match(message, /spec\.users\[4\]\.homeDirectory: .*; and 995 more\.$/);
    assert.ok(message.length < 2000, `${message.length}`);
    assert.deepEqual(world.step().events, []);
  });
});
