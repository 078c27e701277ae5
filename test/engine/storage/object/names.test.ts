/** Tests the object keys for file names that FTP clients send. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { bucketServer } from "../../../support/engine/bucket-server.ts";
import { BucketConfig } from "../../../support/s3/object-homes.ts";

/** Argument of STOR, with the expected key below the home or the expected error code. */
type Row = readonly [title: string, argument: string, expected: string | number];

const ROWS: readonly Row[] = [
  ["spaces at the start and end", " a b ", " a b "],
  ["only a space", "d/ ", "d/ "],
  ["composed characters (NFC)", "caf\u00e9", "caf\u00e9"],
  ["decomposed characters (NFD)", "cafe\u0301", "cafe\u0301"],
  ["characters outside the BMP", "\u{1f600}", "\u{1f600}"],
  ["a percent sign", "100%", "100%"],
  ["an encoded slash", "a%2Fb", "a%2Fb"],
  ["an encoded NUL", "a%00b", "a%00b"],
  ["a plus sign", "a+b", "a+b"],
  ["an ampersand and an equals sign", "a&b=c", "a&b=c"],
  ["a number sign", "a#b", "a#b"],
  ["a question mark", "a?b=c", "a?b=c"],
  ["quotes and angle brackets", "<a>\"'&amp;", "<a>\"'&amp;"],
  ["a backslash", "a\\b", "a\\b"],
  ["a star and brackets", "a*[b]", "a*[b]"],
  ["a colon, semicolon and comma", "a:b;c,d", "a:b;c,d"],
  ["a tilde", "~alice", "~alice"],
  ["three dots", "...", "..."],
  ["a leading dot", ".profile", ".profile"],
  ["an empty name in the path", "d//x", "d/x"],
  ["leading slashes", "//x", "x"],
  ["a dot in the path", "d/./x", "d/x"],
  ["two dots in the path", "d/../y", "y"],
  ["two dots above the home", "../../../z", "z"],
  ["a trailing slash", "d/x/", "d/x"],
  ["a name of 255 bytes", "n".repeat(255), "n".repeat(255)],
  ["a name of 256 bytes", "n".repeat(256), 553],
  ["a line feed in encoded form", "a%0Ab", "a%0Ab"],
  ["a control character", "a\u0001b", 553],
  ["a tab", "a\tb", 553],
  ["an escape sequence", "\u001b[2J", 553],
  ["a C1 control character", "a\u0085b", 553],
  ["the replacement character", "a\ufffdb", 553],
  ["a reserved name", ".ftp-operator-incomplete", 553],
  ["a reserved name in the path", "d/../.FTP-Operator-check/x", 553],
  ["only a slash", "/", 550],
  ["only a dot", ".", 550],
  ["only two dots", "..", 550],
  ["an existing directory", "d", 550],
  ["a file as a directory", "file/x", 550],
];

describe("a name in object storage", () => {
  describeEachServer((running) => {
    // id: object-names
    test("is stored under the expected key, listed, read, renamed and removed", async (t) => {
      const { server, bucket } = running();
      await using config = await BucketConfig.create(server, bucket.name);
      await using world = await bucketServer(config.config);
      const client = await world.client();
      const keyOf = (path: string): string => `${config.config.prefix}/alice/${path}`;
      assert.equal(await client.code("MKD d"), 257);
      assert.equal(await client.upload("STOR file", "x"), 226);
      for (const [title, argument, expected] of ROWS)
        await t.test(title, async () => {
          const code = await client.upload(`STOR ${argument}`, title);
          if (typeof expected === "number") return assert.equal(code, expected);
          assert.equal(code, 226);
          assert.equal(await bucket.read(keyOf(expected)), title);
          const { bytes } = await client.download(`RETR ${argument}`);
          assert.equal(bytes.toString(), title);
          assert.deepEqual((await client.command(`SIZE ${argument}`)).lines, [`213 ${title.length}`]);
          const listed = await client.download(`MLSD ${expected.startsWith("d/") ? "/d" : "/"}`);
          const name = expected.replace(/^d\//u, "");
          assert.ok(
            listed.bytes
              .toString()
              .split("\r\n")
              .some((line) => line.endsWith(`; ${name}`)),
            name,
          );
          assert.equal(await client.code(`RNFR ${argument}`), 350);
          assert.equal(await client.code(`RNTO renamed ${name}`.slice(0, 250)), 250);
          await assert.rejects(bucket.head(keyOf(expected)), { name: "NotFound" });
          assert.equal(await client.code(`RNFR renamed ${name}`.slice(0, 250)), 350);
          assert.equal(await client.code(`RNTO ${argument}`), 250);
          assert.equal(await client.code(`DELE ${argument}`), 250);
          await assert.rejects(bucket.head(keyOf(expected)), { name: "NotFound" });
        });
    });

    test("is different in the composed and the decomposed form", async () => {
      const { server, bucket } = running();
      await using config = await BucketConfig.create(server, bucket.name);
      await using world = await bucketServer(config.config);
      const client = await world.client();
      for (const name of ["caf\u00e9", "cafe\u0301"])
        assert.equal(await client.upload(`STOR ${name}`, name), 226);
      for (const name of ["caf\u00e9", "cafe\u0301"])
        assert.equal((await client.download(`RETR ${name}`)).bytes.toString(), name);
    });

    test("can have a key of 1,023 bytes, but not of 1,024 bytes", async () => {
      const { server, bucket } = running();
      await using config = await BucketConfig.create(server, bucket.name);
      await using world = await bucketServer(config.config);
      const client = await world.client();
      const { length: used } = `${config.config.prefix}/alice/`;
      const directory = ["a", "b", "c", "d"].map((name) => name.repeat(200));
      for (const depth of directory.keys())
        assert.equal(await client.code(`MKD ${directory.slice(0, depth + 1).join("/")}`), 257);
      const path = (bytes: number): string =>
        `${directory.join("/")}/${"é".repeat(200).slice(0, Math.floor((bytes - used - 804) / 2))}${"x".repeat((bytes - used - 804) % 2)}`;
      assert.equal(used + Buffer.byteLength(path(1023)), 1023);
      assert.equal(await client.upload(`STOR ${path(1023)}`, "x"), 226);
      assert.equal(await client.upload(`STOR ${path(1024)}`, "x"), 553);
      assert.equal(await client.code(`DELE ${path(1023)}`), 250);
      assert.equal(await client.code(`MKD ${path(1023)}`), 257);
      assert.equal(await client.code(`MKD ${path(1024)}`), 553);
      assert.equal(await client.code(`RMD ${path(1023)}`), 250);
      assert.equal(await client.upload("STOR short", "x"), 226);
      assert.equal(await client.code("RNFR short"), 350);
      assert.equal(await client.code(`RNTO ${path(1024)}`), 553);
    });

    test("that FTP cannot express is not listed and cannot be reached", async () => {
      const { server, bucket } = running();
      await using config = await BucketConfig.create(server, bucket.name);
      await using world = await bucketServer(config.config);
      const client = await world.client();
      const keys = ["good", "tab\tname", "long".repeat(64)];
      for (const key of keys)
        await bucket.put(`${config.config.prefix}/alice/${key}`, key).catch(() => undefined);
      const { code, bytes } = await client.download("NLST");
      assert.deepEqual([code, bytes.toString()], [226, "good\r\n"]);
    });
  });
});
