import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { hashViolation, isExpensive, MOST_EXPENSIVE } from "../../src/api/hash-cost.ts";
import { hashPassword, parseHash } from "../../src/api/password-hash.ts";

const SALT = "A".repeat(22);
const KEY = "A".repeat(43);
const scrypt = (parameters: string): string => `$scrypt$${parameters}$${SALT}$${KEY}`;
const argon2 = (parameters: string): string => `$argon2id$v=19$${parameters}$${SALT}$${KEY}`;
const bcrypt = (cost: string): string => `$2b$${cost}$${"a".repeat(53)}`;
const sha256 = (rest: string): string => `$5$${rest}$${"a".repeat(43)}`;
const sha512 = (rest: string): string => `$6$${rest}$${"a".repeat(86)}`;

describe("hashViolation accepts", () => {
  for (const hash of [
    scrypt(MOST_EXPENSIVE.scrypt),
    // Hash parameters that OWASP, RFC 9106, PHP, argon2-cffi, Django and crypt(3) recommend or use by default.
    ...["ln=16,r=8,p=1", "ln=15,r=8,p=3", "ln=14,r=8,p=5", "ln=13,r=8,p=10"].map(scrypt),
    argon2(`${MOST_EXPENSIVE.argon2},p=4`),
    ...["m=65536,t=3,p=4", "m=65536,t=4,p=1", "m=47104,t=1,p=1", "m=19456,t=2,p=1", "m=7168,t=5,p=1"].map(
      argon2,
    ),
    ...["04", "10", "12"].map(bcrypt),
    ...["salt", "rounds=1000$salt", `${MOST_EXPENSIVE["sha-crypt"]}$0123456789abcdef`, ""].flatMap((rest) => [
      sha256(rest),
      sha512(rest),
    ]),
  ]) {
    test(hash.slice(0, 50), () => assert.equal(hashViolation(hash), undefined));
  }
});

// id: expensive-hash
describe("hashViolation rejects", () => {
  const REJECTED: readonly [hash: string, why: RegExp][] = [
    ["secret", /not a hash of a known kind/],
    [scrypt("ln=17,r=8,p=1"), /more than 64 MiB of memory.*at most ln=16,r=8,p=2/],
    [scrypt("ln=16,r=9,p=1"), /more than 64 MiB/],
    [scrypt("ln=16,r=8,p=3"), /takes longer.*at most ln=16,r=8,p=2/],
    [scrypt("ln=14,r=8,p=16"), /takes longer/],
    [scrypt("ln=14,r=99,p=99"), /more than 64 MiB/],
    [scrypt("ln=16,r=1,p=1"), /ln of 16, too high for r=1/],
    [scrypt("ln=0,r=8,p=1"), /not a hash/],
    [argon2("m=65537,t=1,p=1"), /more than 64 MiB of memory.*at most m=65536,t=4/],
    [argon2("m=65536,t=5,p=1"), /takes longer/],
    [argon2("m=1024,t=999,p=1"), /takes longer/],
    [argon2("m=8,t=1,p=4"), /eight times p/],
    [argon2("m=1024,t=1,p=17"), /parallelism above 16/],
    [bcrypt("13"), /takes longer.*at most cost 12/],
    [bcrypt("03"), /not a hash/],
    [sha512("rounds=200001$salt"), /takes longer.*at most rounds=200000/],
    [sha256("rounds=999999999$salt"), /takes longer/],
    // The parser reads a cost only at its position in the grammar. A salt that looks like a cost must not hide the real
    // cost.
    [sha512("rounds=999999999$a,rounds=1000"), /not a hash/],
    [sha512("rounds=999999999$rounds=1"), /not a hash/],
    [sha512("rounds=099999999"), /not a hash/],
    [sha512("rounds=099999999$salt"), /not a hash/],
    [sha512("rounds=999$salt"), /not a hash/],
    [`$6$salt$${"a".repeat(43)}`, /not a hash/],
    [`$5$rounds=200001$salt$${"a".repeat(43)}\n`, /not a hash/],
  ];
  for (const [hash, why] of REJECTED) {
    test(hash.slice(0, 50).trim(), () => assert.match(hashViolation(hash) ?? "accepted", why));
  }
});

test("a hash with high memory or time is expensive, and the operator's own hash is not", async () => {
  const expensive = (text: string): boolean => {
    const hash = parseHash(text);
    assert.ok(hash !== undefined);
    return isExpensive(hash);
  };
  for (const cheap of [await hashPassword("x"), argon2("m=19456,t=2,p=1"), bcrypt("10"), sha512("salt")])
    assert.equal(expensive(cheap), false, cheap);
  for (const dear of [
    scrypt("ln=16,r=8,p=1"),
    argon2("m=65536,t=1,p=1"),
    bcrypt("12"),
    sha512("rounds=200000$s"),
  ])
    assert.equal(expensive(dear), true, dear);
});

for (const file of [
  "crds/ftpservers.ftp-operator.io.yaml",
  "crds/ftpusers.ftp-operator.io.yaml",
  "docs/reference/cli.md",
  "docs/how-to/migrate.md",
]) {
  test(`${file} contains the most expensive parameters of each kind`, async () => {
    const text = (await readFile(file, "utf8")).replace(/\s+/g, " ");
    for (const parameters of Object.values(MOST_EXPENSIVE)) assert.ok(text.includes(parameters), parameters);
  });
}
