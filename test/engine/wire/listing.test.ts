import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeText } from "../../../src/common/escaped-bytes.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer } from "../../support/engine/server.ts";
import { limits } from "../../support/engine/world.ts";

describe("listings", () => {
  test("accept options, patterns, path prefixes, single files and empty directories", async () => {
    await using world = await startServer();
    for (const path of ["/a.txt", "/b.txt", "/c", "/d/e.txt", "/*"]) world.memory.put(path, "x");
    world.memory.directories.add("/d").add("/empty");
    const client = await (await ControlClient.overTcp(world.engine)).login();
    const names = async (line: string): Promise<string[]> =>
      (await client.download(line)).bytes.toString().split("\r\n").slice(0, -1);
    assert.deepEqual((await names("NLST")).toSorted(), ["*", "a.txt", "b.txt", "c", "d", "empty"]);
    assert.deepEqual(await names("NLST *.txt"), ["a.txt", "b.txt"]);
    assert.deepEqual(await names("NLST *"), ["*"], "a name that contains a star is not a pattern");
    assert.deepEqual(await names("NLST d"), ["d/e.txt"]);
    assert.deepEqual(await names("NLST /d/"), ["/d/e.txt"]);
    assert.deepEqual(await names("NLST d/*.txt"), ["d/e.txt"]);
    assert.deepEqual(await names("NLST empty"), []);
    assert.equal((await names("LIST -la")).length, 6);
    assert.equal((await names("LIST -a c")).length, 1);
    assert.match((await names("MLSD d")).join(), /^Type=file;Size=1;.* e\.txt$/u);
    assert.equal((await client.download("MLSD c")).code, 501);
    assert.equal((await client.download("LIST nowhere")).code, 550);
    assert.equal((await client.download("LIST nowhere/*")).code, 550);
  });
});

test("a listing contains names of any length with any characters, even when it exceeds one page", async () => {
  await using world = await startServer({ config: limits({ commandLineBytes: 65_536 }) });
  const names = Array.from({ length: 500 }, (_, index) => `${index}${"\u20ac".repeat(80)}\udce4`).toSorted();
  for (const name of names) world.memory.put(`/d/${name}`, "x");
  world.memory.directories.add("/d");
  const client = await (await ControlClient.overTcp(world.engine)).login();
  for (const parent of [0, 50, 100, 150, 1000, 32_750].map((count) => `${"./".repeat(count)}d/`)) {
    const { bytes } = await client.download(`NLST ${parent}`);
    const expected = names.map((name) => `${parent}${name}\r\n`).join("");
    assert.ok(bytes.equals(encodeText(expected)), `${parent.length}`);
  }
});

describe("the order of a listing", () => {
  for (const line of ["LIST", "NLST", "MLSD", "NLST *", "LIST -t *", "STAT /"]) {
    // id: sorted-listings
    test(`of ${line} is by name, with capitals first`, async () => {
      await using world = await startServer();
      for (const name of ["b", "a10", "B", "a9", "\u00e4", "c"]) world.memory.put(`/${name}`, "x");
      const client = await (await ControlClient.overTcp(world.engine)).login();
      const text = line.startsWith("STAT")
        ? (await client.command(line)).lines.slice(1, -1).join("\r\n")
        : (await client.download(line)).bytes.toString().trimEnd();
      const names = text.split("\r\n").map((row) => row.slice(row.lastIndexOf(" ") + 1));
      assert.deepEqual(names, ["B", "a10", "a9", "b", "c", "\u00e4"]);
    });
  }
});

describe("limits.listingEntries", () => {
  for (const line of ["LIST", "NLST", "MLSD", "LIST *", "NLST no*ne"]) {
    // id: listing-limits
    test(`ends ${line} with 451 above the limit, and not at the limit`, async () => {
      await using world = await startServer({ config: limits({ listingEntries: 3 }) });
      for (const path of ["/a", "/b", "/c"]) world.memory.put(path, "x");
      const client = await (await ControlClient.overTcp(world.engine)).login();
      assert.equal((await client.download(line)).code, 226);
      world.memory.put("/d", "x");
      const data = await client.passive();
      data.resume();
      assert.equal(await client.code(line), 150);
      assert.deepEqual((await client.reply())?.lines, ["451 Listings are limited to 3 entries."]);
      assert.ok(!world.log.entries.some(({ level }) => level === "error"), "it is no fault of ours");
    });
  }
});
