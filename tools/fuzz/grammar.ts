/**
 * Generators for fuzzers. The generators return random bytes, and commands with valid, invalid and random arguments.
 */
import { deflateSync } from "node:zlib";
import * as fc from "fast-check";
import { COMMANDS } from "../../src/engine/commands/table.ts";

const argument = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "",
    "/",
    "..",
    "f",
    "d",
    "-la",
    "I",
    "A",
    "ALL",
    "1",
    "0",
    "*",
    "alice",
    "secret",
    "127,0,0,1,4,1",
    "|1|127.0.0.1|1026|",
    "Z",
    "MODE Z LEVEL 1",
    "HASH MD5",
    "0 3",
    '"f" 1 2',
    "CHMOD 600 f",
    "UTIME 20200101000000 f",
    "UMASK 027",
    "IDLE 60",
    "CPFR f",
    "CPTO g",
    "20200101000000 f",
    "Modify=20200101000000;UNIX.mode=600; f",
  ),
);
/** A command line, with or without a line ending. */
export const command = fc
  .tuple(
    fc.constantFrom(...COMMANDS.keys()),
    argument,
    fc.constantFrom("\r\n", "\r\n", "\r\n", "\n", "", "\0"),
  )
  .map(([verb, text, end]) => Buffer.from(`${verb}${text === "" ? "" : " "}${text}${end}`));
export const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
/** Lines that exceed the maximum line length of the engine. */
export const long = fc.integer({ min: 4000, max: 9000 }).map((length) => Buffer.alloc(length, "x"));

/** Preparatory commands, which set a value for a later command (RFC 3659 section 5.1). */
const preparation = fc.constantFrom(
  "REST 3",
  "REST 99999999",
  "RANG 0 2",
  "SIZE f",
  "RNFR f",
  "SITE CPFR f",
  "TYPE A",
  "TYPE I",
  "MODE Z",
  "MODE S",
  "PBSZ 0",
  "PROT P",
  "PROT C",
);
const neutral = fc.constantFrom(
  "NOOP",
  "PWD",
  "MDTM f",
  "SIZE f",
  "FEAT",
  "STAT",
  "SYST",
  "OPTS UTF8 ON",
  "EPSV",
  "PASV",
);
const use = fc.constantFrom(
  "STOR f",
  "APPE f",
  "RETR f",
  "RNTO g",
  "SITE CPTO g",
  "HASH f",
  "LIST",
  "MLSD",
  "STOU",
  "DELE f",
);
/** Preparatory commands, and commands that use their values, interleaved with other commands. */
export const interleaved = fc
  .tuple(
    fc.array(preparation, { minLength: 1, maxLength: 3 }),
    fc.array(neutral, { maxLength: 4 }),
    fc.array(use, { minLength: 1, maxLength: 2 }),
  )
  .map(([first, between, last]) => Buffer.from(`${[...first, ...between, ...last].join("\r\n")}\r\n`));

/** Maximum number of consecutive equal bytes. */
const MAX_RUN = 300_000;
const run = fc
  .tuple(fc.constantFrom("y", "\n", "\r", "\r\n", "\n\r", "\0"), fc.integer({ min: 1, max: MAX_RUN }))
  .map(([text, length]) => Buffer.alloc(length, text));
/** Compressed bytes that expand to megabytes in MODE Z. TYPE A then doubles the size. */
const bomb = fc.constantFrom("\0", "\n").map((text) => deflateSync(Buffer.alloc(4 * 2 ** 20, text)));
/** Payloads for data connections, including worst-case input for TYPE A and MODE Z. */
export const payload = fc.oneof(noise, run, bomb);

/** A TLS record of any type with an unencrypted body (RFC 8446 section 5.1). */
const record = fc
  .tuple(fc.constantFrom(20, 21, 22, 23, 24, 255), fc.uint8Array({ maxLength: 80 }))
  .map(([type, body]) => Buffer.from([type, 3, 3, body.length >> 8, body.length & 255, ...body]));
/** An unencrypted close_notify alert, which must not affect an encrypted connection. */
const clearCloseNotify = fc.constant(Buffer.from([21, 3, 3, 0, 2, 1, 0]));
/** Bytes that an attacker on the network path inserts into a TLS connection. */
export const tlsGarbage = fc.oneof(record, clearCloseNotify, noise);
