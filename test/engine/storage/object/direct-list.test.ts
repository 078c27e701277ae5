/** Tests the listing pages that the engine reads without the XML parser of the AWS SDK. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import {
  isPage,
  MAX_PAGE_BYTES,
  pageOf,
  pageText,
} from "../../../../src/engine/storage/object/s3/direct-list.ts";

const MODIFIED = "2026-11-30T01:02:03.456Z";
const OBJECT = `<Contents><Key>a%26b</Key><LastModified>${MODIFIED}</LastModified><ETag>&quot;1&#34;</ETag><Size>7</Size><Owner><ID>x</ID></Owner><StorageClass>STANDARD</StorageClass></Contents>`;

function pageWith(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</ListBucketResult>\n`;
}

describe("a listing page", () => {
  test("contains the objects, the prefixes and the token", () => {
    const xml = pageWith(
      `<Name>files</Name><Prefix>d/</Prefix><MaxKeys>2</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>t&amp;&#x31;</NextContinuationToken>\n  ${OBJECT}\n<CommonPrefixes><Prefix>d/e/</Prefix></CommonPrefixes>`,
    );
    assert.deepEqual(pageOf(xml), {
      Name: "files",
      EncodingType: "url",
      IsTruncated: true,
      NextContinuationToken: "t&1",
      Contents: [{ Key: "a%26b", Size: 7, LastModified: new Date(MODIFIED), ETag: '"1"' }],
      CommonPrefixes: [{ Prefix: "d/e/" }],
    });
  });

  test("can be empty, with empty elements", () => {
    for (const empty of ["<Prefix/>", "<Prefix />", "<Prefix></Prefix>"])
      assert.deepEqual(pageOf(pageWith(`<Name>files</Name>${empty}<IsTruncated>false</IsTruncated>`)), {
        Name: "files",
        EncodingType: undefined,
        IsTruncated: false,
        NextContinuationToken: undefined,
        Contents: [],
        CommonPrefixes: [],
      });
  });

  for (const [kind, content] of Object.entries({
    "no name": OBJECT,
    "a CDATA section": "<Name>files</Name><Prefix><![CDATA[a]]></Prefix>",
    "a comment": "<Name>files</Name><!-- a -->",
    "an unknown entity": "<Name>files</Name><Prefix>&nbsp;</Prefix>",
    "an inherited property as an entity": "<Name>files</Name><Prefix>&constructor;</Prefix>",
    "an ampersand without a reference": "<Name>files</Name><Prefix>a&b</Prefix>",
    "elements that are not nested": "<Name>files</Prefix></Name>",
    "an element without an end": "<Name>files</Name><Contents>",
    "an invalid size": `<Name>files</Name>${OBJECT.replace(">7<", ">7 bytes<")}`,
    "a negative size": `<Name>files</Name>${OBJECT.replace(">7<", ">-7<")}`,
    "an empty size": `<Name>files</Name>${OBJECT.replace("<Size>7</Size>", "<Size/>")}`,
    "an object without a key": `<Name>files</Name>${OBJECT.replace("<Key>a%26b</Key>", "")}`,
    "two keys in an object": `<Name>files</Name>${OBJECT.replace("<Size>", "<Key>b</Key><Size>")}`,
    "two prefixes in an element":
      "<Name>files</Name><CommonPrefixes><Prefix>a/</Prefix><Prefix>b/</Prefix></CommonPrefixes>",
    "an element for prefixes without a prefix": "<Name>files</Name><CommonPrefixes></CommonPrefixes>",
    "an element in a key": `<Name>files</Name>${OBJECT.replace("a%26b", "a<b/>")}`,
    "an attribute": `<Name>files</Name>${OBJECT.replace("<Key>", '<Key a="x>y">')}`,
    "an error": "<Name>files</Name><Error><Code>InternalError</Code></Error>",
    "an unknown flag": "<Name>files</Name><IsTruncated>True</IsTruncated>",
    "a continuation without a token": "<Name>files</Name><IsTruncated>true</IsTruncated>",
    "an invalid time": `<Name>files</Name>${OBJECT.replace(MODIFIED, "yesterday")}`,
  }))
    test(`with ${kind} is left to the SDK`, () => {
      assert.equal(pageOf(pageWith(content)), undefined);
    });

  for (const [kind, change] of Object.entries({
    "no name": { Name: undefined },
    "a continuation without a token": { IsTruncated: true },
    "an object without a key": { Contents: [{ Size: 1 }] },
    "a negative size": { Contents: [{ Key: "a", Size: -7 }] },
    "two keys for an object": { Contents: [{ Key: JSON.parse('["a","b"]') }] },
  }))
    test(`with ${kind} from the SDK is incomplete`, () => {
      const page = { ...(pageOf(pageWith(`<Name>files</Name>${OBJECT}`)) ?? assert.fail("no page")) };
      assert.ok(isPage(page));
      assert.ok(!isPage({ ...page, ...change }));
    });

  test("that is cut off is left to the SDK", () => {
    const xml = pageWith(`<Name>files</Name>${OBJECT}`).trimEnd();
    for (let length = 0; length < xml.length; length++) assert.equal(pageOf(xml.slice(0, length)), undefined);
    assert.notEqual(pageOf(xml), undefined);
  });

  test("that is an error is left to the SDK", () => {
    assert.equal(pageOf("<Error><Code>InternalError</Code></Error>"), undefined);
  });

  test("above the maximum size is rejected", async () => {
    const body = Readable.from([Buffer.alloc(MAX_PAGE_BYTES), Buffer.alloc(1)]);
    await assert.rejects(pageText(body), { name: "PageTooLarge" });
    assert.equal((await pageText(Readable.from([Buffer.alloc(MAX_PAGE_BYTES)]))).length, MAX_PAGE_BYTES);
  });
});
