/** Tests `probeTarget` with real engines and with malicious FTP servers. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import { CHECK_USER } from "../../src/api/engine-config.ts";
import { VirtualUsers } from "../../src/engine/auth/virtual-users.ts";
import { probeTarget } from "../../src/operator/probe-target.ts";
import type { ReachabilityTarget } from "../../src/plan/model/observed.ts";
import {
  drip,
  ELSEWHERE,
  listen,
  LOGIN,
  passiveReply,
  scripted,
} from "../support/clients/scripted-server.ts";
import { startServer } from "../support/engine/server.ts";

const token = "0123456789abcdef0123456789abcdef";
const authenticator = new VirtualUsers({ users: [], check: { token } });
const SLICE = { first: 50000, last: 50004 };

const targetAt = (port: number, change: Partial<ReachabilityTarget> = {}): ReachabilityTarget => ({
  hosts: [{ host: "127.0.0.1" }],
  port,
  tls: "None",
  token,
  dataAddresses: [],
  slots: [{ name: "a", ports: SLICE }],
  ...change,
});
const REACHABLE = {
  type: "Reachable",
  unchecked: [],
  commands: ["PASV", "EPSV"],
  hosts: ["127.0.0.1"],
  skipped: [],
};
const signal = new AbortController().signal;
/** The FTP servers in this file listen on loopback addresses, to which the operator does not connect by default. */
const ANYWHERE = { dialPolicy: () => undefined };

describe("probeTarget with several slots", () => {
  it("reports the slots that no login reached", async () => {
    await using made = await startServer({ authenticator });
    const { first, last } = made.ports;
    const here = targetAt(made.engine.controlPort);
    const met = { name: "a", ports: { first, last } };
    assert.deepEqual(await probeTarget({ ...here, slots: [met] }, signal, ANYWHERE), REACHABLE);
    const slots = [met, { name: "b", ports: { first: last + 1, last: last + 5 } }];
    assert.deepEqual(await probeTarget({ ...here, slots }, signal, ANYWHERE), {
      ...REACHABLE,
      unchecked: ["b"],
    });
    const logins = made.log.entries.filter(({ message }) => message === "logged in");
    assert.equal(logins.length, 1 + 4 + 6 * 2);
    assert.ok(logins.every(({ fields }) => "user" in fields && fields.user === CHECK_USER));
  });

  it("reports the failing step", async () => {
    await using made = await startServer({ authenticator, announced: undefined });
    const outcome = await probeTarget(targetAt(made.engine.controlPort), signal, ANYWHERE);
    assert.ok(outcome.type === "Unreachable" && outcome.reason === "PassiveModeRejected");
    assert.equal(outcome.detail, "PASV: reply to PASV is 425");
  });
});

describe("probeTarget with a dual-stack FtpServer", () => {
  const hosts = [{ host: "127.0.0.1" }, { host: "::1" }];
  const target = (port: number, first: number, last: number): ReachabilityTarget =>
    targetAt(port, { hosts, slots: [{ name: "a", ports: { first, last } }] });

  it("lists over both address families", async () => {
    await using made = await startServer({ authenticator });
    const { first, last } = made.ports;
    const here = target(made.engine.controlPort, first, last);
    const outcome = await probeTarget(here, signal, { ...ANYWHERE, hasIPv6: () => true });
    assert.deepEqual(outcome, { ...REACHABLE, hosts: ["127.0.0.1", "::1"] });
    const clients = made.log.entries.filter(({ message }) => message === "logged in");
    assert.equal(clients.length, 2);
  });

  it("reports the host of an unreachable address family", async () => {
    await using control = await listen(scripted("220 Hello", { ...LOGIN }));
    const here = { ...target(control.port, 1, 2), hosts: [{ host: "::1" }, { host: "127.0.0.1" }] };
    const outcome = await probeTarget(here, signal, { ...ANYWHERE, hasIPv6: () => true });
    assert.ok(outcome.type === "Unreachable" && outcome.reason === "ConnectFailed", JSON.stringify(outcome));
    assert.match(outcome.detail, /^::1: Connect: /);
  });

  it("skips IPv6 hosts when the operator has no IPv6 address, unless there are no others", async () => {
    await using made = await startServer({ authenticator });
    const { first, last } = made.ports;
    const here = target(made.engine.controlPort, first, last);
    const without = { ...ANYWHERE, hasIPv6: () => false };
    assert.deepEqual(await probeTarget(here, signal, without), { ...REACHABLE, skipped: ["::1"] });
    const only = { ...here, hosts: [{ host: "::1" }] };
    assert.deepEqual(await probeTarget(only, signal, without), {
      ...REACHABLE,
      commands: ["EPSV"],
      hosts: ["::1"],
    });
  });
});

describe("probeTarget with a malicious server", () => {
  it("ends an endless listing at its time limit", async () => {
    await using data = await listen(drip);
    const PASV = passiveReply(data.port);
    await using control = await listen(scripted("220 Hello", { ...LOGIN, PASV, LIST: "150 Here" }));
    const options = { ...ANYWHERE, deadlineMilliseconds: 3000 };
    const outcome = await probeTarget(targetAt(control.port), signal, options);
    assert.ok(outcome.type === "Unreachable" && outcome.reason === "TransferFailed");
    assert.equal(outcome.detail, "PASV: timed out after 3 s");
  });

  it("stops reading a listing that is too long", async () => {
    await using data = await listen((socket) => socket.write("x".repeat(70_000)));
    const PASV = passiveReply(data.port);
    await using control = await listen(scripted("220 Hello", { ...LOGIN, PASV, LIST: "150 Here" }));
    const outcome = await probeTarget(targetAt(control.port), signal, ANYWHERE);
    assert.ok(outcome.type === "Unreachable" && outcome.reason === "TransferFailed");
    assert.equal(outcome.detail, "PASV: the listing is larger than 65536 bytes");
  });

  it("returns the result of the first login when later logins exceed the time limit", async () => {
    let listings = 0;
    await using data = await listen((socket) => void (++listings <= 2 ? socket.end() : drip(socket)));
    const [PASV, EPSV] = [passiveReply(data.port), `229 (|||${data.port}|)`];
    const answers = { ...LOGIN, PASV, EPSV, LIST: "150 Here\r\n226 There" };
    await using control = await listen(scripted("220 Hello", answers));
    const slots = [
      { name: "a", ports: { first: data.port, last: data.port } },
      { name: "b", ports: { first: 1, last: 2 } },
    ];
    const options = { ...ANYWHERE, deadlineMilliseconds: 3000 };
    const outcome = await probeTarget(targetAt(control.port, { slots }), signal, options);
    assert.deepEqual(outcome, { ...REACHABLE, unchecked: ["b"] });
  });
});

/**
 * FTP servers whose responses must not appear in the condition, because users choose the address that the operator
 * checks.
 */
const LEAKING: readonly [what: string, server: (socket: Socket) => void, detail: string][] = [
  [
    "another protocol",
    (socket) => socket.write("SSH-2.0-secret\r\n"),
    "Connect: no greeting: the server sent an invalid FTP reply",
  ],
  ["a rejection", scripted("421 secret", {}), "Connect: greeting is 421"],
  ["an unknown user", scripted("220 secret", { USER: "530 secret" }), "LogIn: reply to USER is 530"],
  [
    "another protocol in the middle",
    scripted("220 secret", { USER: "secret" }),
    "LogIn: no reply to USER: the server sent an invalid FTP reply",
  ],
  [
    "a passive mode without a port",
    scripted("220 secret", { ...LOGIN, PASV: "227 secret" }),
    "PASV: the reply to PASV contains no port",
  ],
];

describe("probeTarget", () => {
  for (const [what, server, detail] of LEAKING)
    it(`returns no text of the server: ${what}`, async () => {
      await using control = await listen(server);
      const outcome = await probeTarget(targetAt(control.port), signal, ANYWHERE);
      assert.equal(outcome.type === "Unreachable" && outcome.detail, detail);
      assert.doesNotMatch(JSON.stringify(outcome), /secret/);
    });

  for (const host of ["127.0.0.1", "localhost"])
    it(`does not connect to ${host}`, async () => {
      let connections = 0;
      await using control = await listen(() => void connections++);
      const outcome = await probeTarget(targetAt(control.port, { hosts: [{ host }] }), signal);
      assert.ok(outcome.type === "Unreachable" && outcome.reason === "AddressNotAllowed");
      assert.match(outcome.detail, /^Resolve: (127\.0\.0\.1|::1) is a loopback address$/);
      assert.equal(connections, 0);
    });

  it("does not connect to another address in a PASV reply", async () => {
    await using control = await listen(scripted("220 Hello", { ...LOGIN, PASV: ELSEWHERE }));
    const outcome = await probeTarget(targetAt(control.port), signal, ANYWHERE);
    assert.ok(outcome.type === "Unreachable" && outcome.reason === "UnexpectedAddress");
    assert.equal(
      outcome.detail,
      "PASV: the reply announces 127.0.0.99, but the control connection is to 127.0.0.1",
    );
  });

  it("connects to an announced address in a PASV reply, unless the dial policy denies it", async () => {
    await using control = await listen(scripted("220 Hello", { ...LOGIN, PASV: ELSEWHERE }));
    const target = targetAt(control.port, { dataAddresses: ["127.0.0.99"] });
    const connected = await probeTarget(target, signal, ANYWHERE);
    assert.equal(connected.type === "Unreachable" && connected.reason, "AddressUnreachable");
    const dialPolicy = (address: string): string | undefined =>
      address === "127.0.0.99" ? "a loopback address" : undefined;
    const denied = await probeTarget(target, signal, { dialPolicy });
    assert.ok(denied.type === "Unreachable" && denied.reason === "AddressNotAllowed");
    assert.equal(denied.detail, "PASV: 127.0.0.99 is a loopback address");
  });
});
