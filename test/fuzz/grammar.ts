/** What fuzzers send: commands with right, wrong and random arguments, and what is no command at all. */
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
/** A line of any command, its end included or not. */
export const command = fc
  .tuple(
    fc.constantFrom(...COMMANDS.keys()),
    argument,
    fc.constantFrom("\r\n", "\r\n", "\r\n", "\n", "", "\0"),
  )
  .map(([verb, text, end]) => Buffer.from(`${verb}${text === "" ? "" : " "}${text}${end}`));
export const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
/** Longer than a line may be. */
export const long = fc.integer({ min: 4000, max: 9000 }).map((length) => Buffer.alloc(length, "x"));
