import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RecordCutter } from "../../../src/engine/tls/record-cutter.ts";

function record(length: number): Buffer {
  const header = Buffer.from([23, 3, 3, length >> 8, length & 255]);
  return Buffer.concat([header, Buffer.alloc(length, "x")]);
}

/** Lengths of the pieces of a stream that arrives in chunks of a size. */
function pieces(stream: Buffer, chunkBytes: number): number[] {
  const cutter = new RecordCutter();
  const lengths: number[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes)
    lengths.push(...cutter.cut(stream.subarray(at, at + chunkBytes)).map(({ length }) => length));
  assert.ok(cutter.isBetween);
  return lengths;
}

describe("the cutter of TLS records", () => {
  it("leaves long records together, and sets short ones apart", () => {
    const stream = Buffer.concat([record(1000), record(900), record(35), record(19), record(500)]);
    assert.deepEqual(pieces(stream, stream.length), [1005 + 905, 40, 24, 505]);
  });

  it("puts no two records that end a stream into one piece, whatever the cut", () => {
    const stream = Buffer.concat([record(100), record(35), record(0), record(19)]);
    for (let chunkBytes = 1; chunkBytes <= stream.length; chunkBytes++) {
      let end = 0;
      const ends = pieces(stream, chunkBytes).map((length) => (end += length));
      assert.equal(ends.at(-1), stream.length);
      for (const boundary of [105, 145, 150])
        assert.ok(ends.includes(boundary), `${boundary} of ${chunkBytes}`);
    }
  });

  it("knows when a stream stops within a record", () => {
    const cutter = new RecordCutter();
    cutter.cut(record(100).subarray(0, 50));
    assert.equal(cutter.isBetween, false);
    cutter.cut(record(100).subarray(50));
    assert.equal(cutter.isBetween, true);
    cutter.cut(Buffer.from([23, 3]));
    assert.equal(cutter.isBetween, false);
  });
});
