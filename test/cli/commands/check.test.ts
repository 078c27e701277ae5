/** Runs `ftp-operator check` as a separate process. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { VirtualUsers } from "../../../src/engine/auth/virtual-users.ts";
import { type Ended, ftpOperator } from "../../support/cli/command-line.ts";
import { hashPassword } from "../../../src/api/password-hash.ts";
import { freePorts } from "../../cluster/free-ports.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { startServer, type TestServer, testUser } from "../../support/engine/server.ts";

const check = (args: readonly string[], stdin = ""): Promise<Ended> => ftpOperator(["check", ...args], stdin);

describe("ftp-operator check", () => {
  let made: TestServer;
  let port: string;
  before(async () => {
    const passwordHash = await hashPassword("open sesame");
    made = await startServer({
      authenticator: new VirtualUsers({ users: [testUser("alice", { passwordHash })] }),
    });
    port = String(made.engine.controlPort);
  });
  after(() => made[Symbol.asyncDispose]());

  it("prints each step and exits with code 0 when all steps succeed", async () => {
    const args = ["127.0.0.1", "--port", port, "--user", "alice", "--password-file", "-"];
    const { code, stdout, stderr } = await check(args, "open sesame\n");
    assert.deepEqual([code, stderr], [0, ""]);
    for (const step of ["Resolve", "Connect", "LogIn", "PASV", "EPSV"])
      assert.match(stdout, new RegExp(`^${step} +ok `, "m"));
    assert.match(stdout, /\nAll steps succeeded\.\n$/);
  });

  for (const host of ["::1", "[::1]"])
    it(`connects to ${host} and skips PASV, which cannot express IPv6 addresses`, async () => {
      const args = [host, "--port", port, "--user", "alice", "--password-file", "-"];
      const { code, stdout, stderr } = await check(args, "open sesame\n");
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^Resolve +ok +::1 is an address/m);
      assert.match(stdout, /^EPSV +ok /m);
      assert.doesNotMatch(stdout, /^PASV/m);
    });

  it("--family selects the addresses to which a name resolves", async () => {
    const resolved = async (family: string): Promise<string> => {
      const { stdout } = await check(["localhost", "--port", port, "--family", family]);
      return /^Resolve +\S+ +(.*) \(/m.exec(stdout)?.[1] ?? stdout;
    };
    assert.equal(await resolved("ipv4"), "localhost is 127.0.0.1");
    assert.match(await resolved("ipv6"), /^localhost (is ::1|could not be resolved to an IPv6 address)/);
  });

  it("prints the failed step and its usual cause, and exits with code 1", async () => {
    const { code, stdout } = await inTemporaryFolder(async (folder) => {
      const file = join(folder, "password");
      await writeFile(file, "xyzzy");
      return await check(["127.0.0.1", "--port", port, "--user", "alice", "--password-file", file]);
    });
    assert.equal(code, 1);
    assert.match(stdout, /^LogIn +FAILED +reply to PASS is "530 .*\n\nLoginFailed: /m);
    assert.doesNotMatch(stdout, /xyzzy/);
  });

  it("--wait retries a failed check and prints JSON once", async () => {
    const [closed = 0] = await freePorts(1);
    const began = performance.now();
    const args = ["127.0.0.1", "--port", String(closed), "--wait", "3", "--output", "json"];
    const { code, stdout } = await check(args);
    assert.equal(code, 1);
    assert.ok(performance.now() - began > 2000, "it retries");
    assert.equal(JSON.parse(stdout).steps.at(-1).step, "Connect");
  });

  it("reports that the login was not tried when no account is given, and exits with code 0", async () => {
    const { code, stdout, stderr } = await check(["127.0.0.1", "--port", port]);
    assert.deepEqual([code, stderr], [0, ""]);
    for (const step of ["Resolve", "Connect"]) assert.match(stdout, new RegExp(`^${step} +ok `, "m"));
    for (const step of ["LogIn", "PASV", "EPSV"])
      assert.match(stdout, new RegExp(`^${step} +- +not tried$`, "m"));
    assert.match(
      stdout,
      /\nThe control port is open\. The login and the passive ports were not tested because no account was given: add --user NAME/,
    );
    assert.doesNotMatch(stdout, /FAILED|All steps/);
  });

  it("prints JSON with an outcome that matches the exit code", async () => {
    const outcomeOf = async (...args: string[]): Promise<unknown[]> => {
      const { code, stdout } = await check(
        ["127.0.0.1", "--port", port, "--output", "json", ...args],
        "wrong",
      );
      const { outcome, steps, notTried } = JSON.parse(stdout);
      return [code, outcome, steps.at(-1).step, steps.at(-1).failure?.reason, notTried.length];
    };
    assert.deepEqual(await outcomeOf(), [0, "LoginNotTried", "Connect", undefined, 3]);
    assert.deepEqual(await outcomeOf("--user", "anonymous"), [1, "Failed", "LogIn", "LoginFailed", 0]);
    const alice = ["--user", "alice", "--password-file", "-"];
    assert.deepEqual(await outcomeOf(...alice), [1, "Failed", "LogIn", "LoginFailed", 0]);
  });

  for (const [what, args, error] of [
    ["no host", [], /missing required argument 'host'/],
    ["an invalid port", ["x", "--port", "0"], /--port: 0\nhint: use a port number from 1 to 65535/],
    ["an invalid time", ["x", "--timeout", "soon"], /--timeout: soon\nhint: use a number from 1 to 300/],
    ["a user without a password", ["x", "--user", "alice"], /user: alice\nhint: add --password-file/],
    [
      "a user with a line break",
      ["x", "--user", "a\r\nDELE b", "--password-file", "-"],
      /--user: a\?\?DELE b\nhint: set --user to a valid login name/,
    ],
    ["an empty user", ["x", "--user", ""], /hint: set --user to a valid login name/],
    ["a password without a user", ["x", "--password-file", "-"], /hint: add --user NAME/],
    [
      "an address of another family",
      ["[2001:db8::1]", "--family", "ipv4"],
      /--family ipv4 does not match the address: 2001:db8::1\nhint: remove --family/,
    ],
    ["an unknown TLS mode", ["x", "--tls", "ssl3"], /hint: use one of none, explicit, implicit/],
    [
      "a missing password file",
      ["x", "--user", "alice", "--password-file", "/nowhere/x"],
      /file: \/nowhere\/x\nhint: set --password-file/,
    ],
  ] as const)
    it(`rejects ${what} with an error, a hint and code 2`, async () => {
      const { code, stdout, stderr } = await check(args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, /^error: .*\nhint: .*\n$/);
      assert.match(stderr, error);
    });
});
