import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { KeyLocks } from "../../../../src/engine/storage/object/key-locks.ts";

/** Starts changes in order. Each change runs until the test ends the change. */
class Changes {
  readonly #locks = new KeyLocks();
  readonly running: string[] = [];
  readonly #ends = new Map<string, () => void>();

  start(name: string, ...keys: string[]): void {
    void this.#locks.run(keys, async () => {
      this.running.push(name);
      await new Promise<void>((resolve) => this.#ends.set(name, resolve));
      this.running.splice(this.running.indexOf(name), 1);
    });
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await this.settled();
  }

  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("changes to keys", () => {
  test("run one after the other for one key, and concurrently for other keys", async () => {
    const changes = new Changes();
    changes.start("first", "home/a");
    changes.start("second", "home/a");
    changes.start("other", "home/ab");
    await changes.settled();
    assert.deepEqual(changes.running, ["first", "other"]);
    await changes.end("first");
    assert.deepEqual(changes.running, ["other", "second"]);
  });

  test("to a directory wait for changes below it, and later changes below it wait", async () => {
    const changes = new Changes();
    changes.start("file", "home/d/a");
    changes.start("rename", "home/d", "home/e");
    changes.start("later", "home/e/b");
    changes.start("outside", "home/f");
    await changes.settled();
    assert.deepEqual(changes.running, ["file", "outside"]);
    await changes.end("file");
    assert.deepEqual(changes.running, ["outside", "rename"]);
    await changes.end("rename");
    assert.deepEqual(changes.running, ["outside", "later"]);
  });

  test("continue after a change that fails", async () => {
    const locks = new KeyLocks();
    const failed = locks.run(["a"], () => Promise.reject(new Error("fails")));
    const next = locks.run(["a"], async () => "next");
    await assert.rejects(failed, /fails/);
    assert.equal(await next, "next");
  });
});
