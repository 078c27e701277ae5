/** `ftp-operator check` as people run it. */
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

  it("prints each step, and ends with 0 when the whole way is open", async () => {
    const args = ["127.0.0.1", "--port", port, "--user", "alice", "--password-file", "-"];
    const { code, stdout, stderr } = await check(args, "open sesame\n");
    assert.deepEqual([code, stderr], [0, ""]);
    for (const step of ["Resolve", "Connect", "LogIn", "PASV", "EPSV"])
      assert.match(stdout, new RegExp(`^${step} +ok `, "m"));
    assert.match(stdout, /\nThe whole way is open\.\n$/);
  });

  for (const host of ["::1", "[::1]"])
    it(`connects to ${host}, where EPSV is the only passive mode`, async () => {
      const args = [host, "--port", port, "--user", "alice", "--password-file", "-"];
      const { code, stdout, stderr } = await check(args, "open sesame\n");
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^Resolve +ok +::1 is an address/m);
      assert.match(stdout, /^EPSV +ok /m);
      assert.doesNotMatch(stdout, /^PASV/m);
    });

  it("--family chooses the addresses that a name is resolved to", async () => {
    const resolved = async (family: string): Promise<string> => {
      const { stdout } = await check(["localhost", "--port", port, "--family", family]);
      return /^Resolve +\S+ +(.*) \(/m.exec(stdout)?.[1] ?? stdout;
    };
    assert.equal(await resolved("ipv4"), "localhost is 127.0.0.1");
    assert.match(await resolved("ipv6"), /^localhost (is ::1|could not be resolved to an IPv6 address)/);
  });

  it("says which step failed and what is behind it, and ends with 1", async () => {
    const { code, stdout } = await inTemporaryFolder(async (folder) => {
      const file = join(folder, "password");
      await writeFile(file, "xyzzy");
      return await check(["127.0.0.1", "--port", port, "--user", "alice", "--password-file", file]);
    });
    assert.equal(code, 1);
    assert.match(stdout, /^LogIn +FAILED +PASS is answered "530 .*\n\nLoginFailed: The server refused/m);
    assert.doesNotMatch(stdout, /xyzzy/);
  });

  it("--wait goes the way again, and prints JSON once", async () => {
    const [closed = 0] = await freePorts(1);
    const began = performance.now();
    const args = ["127.0.0.1", "--port", String(closed), "--wait", "3", "--output", "json"];
    const { code, stdout } = await check(args);
    assert.equal(code, 1);
    assert.ok(performance.now() - began > 2000, "it has tried more than once");
    assert.equal(JSON.parse(stdout).steps.at(-1).step, "Connect");
  });

  it("reports without an account what is open and that the login was not tried, and ends with 0", async () => {
    const { code, stdout, stderr } = await check(["127.0.0.1", "--port", port]);
    assert.deepEqual([code, stderr], [0, ""]);
    for (const step of ["Resolve", "Connect"]) assert.match(stdout, new RegExp(`^${step} +ok `, "m"));
    for (const step of ["LogIn", "PASV", "EPSV"])
      assert.match(stdout, new RegExp(`^${step} +- +not tried$`, "m"));
    assert.match(
      stdout,
      /\nThe control port is open\. The login and the passive ports were not tried because no account was given: add --user NAME/,
    );
    assert.doesNotMatch(stdout, /FAILED|whole way/);
  });

  it("prints JSON for programs, with an outcome that fits the exit code", async () => {
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

  for (const [what, args, said] of [
    ["no host", [], /missing required argument 'host'/],
    ["a port that is none", ["x", "--port", "0"], /"0" is not a TCP port; write a number from 1 to 65535/],
    [
      "a time that is none",
      ["x", "--timeout", "soon"],
      /"soon" is no number of seconds; write a number from 1 to 300/,
    ],
    [
      "a user without a password",
      ["x", "--user", "alice"],
      /user alice needs a password: add --password-file/,
    ],
    [
      "a user with a line break",
      ["x", "--user", "a\r\nDELE b", "--password-file", "-"],
      /write a login name/,
    ],
    ["an empty user", ["x", "--user", ""], /write a login name/],
    ["a password without a user", ["x", "--password-file", "-"], /add --user NAME/],
    [
      "an address of another family",
      ["[2001:db8::1]", "--family", "ipv4"],
      /--family ipv4 does not fit the address 2001:db8::1: remove --family/,
    ],
    ["another kind of TLS", ["x", "--tls", "ssl3"], /Allowed choices are none, explicit, implicit/],
    [
      "a password file that is not there",
      ["x", "--user", "alice", "--password-file", "/nowhere/x"],
      /\/nowhere\/x cannot be read/,
    ],
  ] as const)
    it(`answers ${what} with one line and 2`, async () => {
      const { code, stdout, stderr } = await check(args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /\n {4}at /);
    });
});
