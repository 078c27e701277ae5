import { logEvent } from "../../../src/api/log-event.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { SessionLog } from "../../../src/cli/serve/session-log.ts";

/** Returns the printed log lines without times and colors. */
function printed(write: (log: pino.Logger) => void): { lines: string[]; log: SessionLog } {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line.replace(/^\S+ +(?=\S)/, ""));
  const log = new SessionLog(print, { drainSeconds: 5 });
  write(pino({ level: "debug", base: null, timestamp: pino.stdTimeFunctions.isoTime }, log));
  return { lines, log };
}

const TRANSFER = {
  ...logEvent("Transfer"),
  client: "192.0.2.1",
  user: "alice",
  path: "/x",
  bytes: 2048,
  seconds: 1.26,
};

test("the session log prints each transfer, with the reason of a failure", () => {
  const { lines, log } = printed((logger) => {
    logger.info({ ...TRANSFER, direction: "Upload", result: "Complete" }, "transfer");
    logger.info({ ...TRANSFER, direction: "Upload", result: "Failed", reason: "No space left" }, "transfer");
    logger.info({ ...TRANSFER, direction: "Download", result: "Aborted", reason: "Aborted" }, "transfer");
  });
  assert.deepEqual(lines, [
    "alice       uploaded /x (2.0 KiB in 1.3 s)",
    "alice       upload of /x failed after 2.0 KiB: No space left",
    "alice       download of /x aborted by the client after 2.0 KiB",
  ]);
  assert.equal(log.summary, "0 logins, 1 upload (2.0 KiB), 0 downloads, 2 failed transfers");
});

test("the session log prints other messages with their fields and hides start, end and debug messages", () => {
  const { lines, log } = printed((logger) => {
    logger.info({ ...logEvent("Starting"), version: "1.2.3" }, "engine starts");
    logger.warn({ user: "eve", client: "192.0.2.1", whom: "Client" }, "ban started: too many failed logins");
    logger.error({ err: new Error("disk full"), user: "bob" }, "login failed: home directory not available");
    logger.debug({ client: "192.0.2.1" }, "client name received");
    logger.info({ ...logEvent("Draining"), sessions: 2 }, "engine drains");
    logger.info(logEvent("Ended"), "engine ends");
  });
  assert.deepEqual(lines, [
    "eve         ban started: too many failed logins from 192.0.2.1 whom=Client",
    "bob         login failed: home directory not available: disk full",
    "\nStopping. Waiting up to 5 seconds for 2 open sessions. Press Ctrl-C again to stop immediately.",
  ]);
  assert.equal(log.hasEnded, true);
});

test("the session log identifies events by their identifier, not by their message", () => {
  const { lines, log } = printed((logger) => {
    logger.info({ ...logEvent("LoggedIn"), user: "alice", client: "192.0.2.1" }, "welcome");
    logger.warn({ ...logEvent("LoginFailed"), user: "eve", client: "192.0.2.2" }, "no entry");
    const rejected = { user: "alice", command: "DELE", path: "/x", reply: "550 No such file" };
    logger.debug({ ...logEvent("CommandRejected"), ...rejected }, "no");
    logger.info({ user: "bob", direction: "Upload", path: "/y" }, "transfer");
  });
  assert.deepEqual(lines, [
    "alice       welcome from 192.0.2.1",
    "eve         no entry from 192.0.2.2",
    "alice       DELE /x rejected: 550 No such file",
    "bob         transfer direction=Upload path=/y",
  ]);
  assert.equal(log.summary, "1 login, 1 failed login, 0 uploads, 0 downloads");
});

test("the session log replaces control characters in names and errors", () => {
  const { lines } = printed((logger) => {
    logger.error({ err: new Error("cannot open /a\u001b[2J\n"), user: "bob\u009b" }, "home directory");
  });
  assert.deepEqual(lines, ["bob?        home directory: cannot open /a?[2J?"]);
});
