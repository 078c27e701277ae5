/** Tests probes of complete engines, and of servers that fail in one of the probe steps. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import { runProbe, failureOf, outcomeOf, type StepResult } from "../../src/probe/probe.ts";
import { CAUSES } from "../../src/probe/failure.ts";
import type { ProbeRequest } from "../../src/probe/request.ts";
import { CHECK_USER } from "../../src/api/engine-config.ts";
import { VirtualUsers } from "../../src/engine/auth/virtual-users.ts";
import { waitUntil } from "../cluster/wait.ts";
import { startServer, testUser } from "../support/engine/server.ts";
import { startTlsServer } from "../support/engine/tls-world.ts";
import {
  drip,
  ELSEWHERE,
  listen,
  LOGIN,
  passiveReply,
  scripted,
} from "../support/clients/scripted-server.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const authenticator = new VirtualUsers({ users: [testUser("alice")], check: { token: TOKEN } });

const requestTo = (port: number, change: Partial<ProbeRequest> = {}): ProbeRequest => ({
  host: "127.0.0.1",
  port,
  tls: "None",
  verifyCertificate: false,
  account: { user: CHECK_USER, password: TOKEN },
  timeoutMilliseconds: 30_000,
  ...change,
});
const stepsOf = ({ steps }: { steps: StepResult[] }): string[] => steps.map(({ step }) => step);

describe("a probe of an engine", () => {
  it("completes all steps with the account of reachability checks", async () => {
    await using made = await startServer({ authenticator });
    const report = await runProbe(requestTo(made.engine.controlPort));
    assert.deepEqual(stepsOf(report), ["Resolve", "Connect", "LogIn", "PASV", "EPSV"]);
    assert.equal(failureOf(report), undefined);
    assert.ok(report.ports.every((port) => port >= made.ports.first && port <= made.ports.last));
    assert.equal(report.ports.length, 2);
  });

  for (const [mode, tls] of [
    ["Required", "Explicit"],
    ["Implicit", "Implicit"],
  ] as const)
    for (const minimumVersion of ["TLS12", "TLS13"] as const)
      it(`completes all steps over ${tls} TLS, ${minimumVersion}, and resumes the TLS session`, async () => {
        await using made = await startTlsServer(
          { mode, minimumVersion, sessionReuse: "Required" },
          { authenticator },
        );
        const report = await runProbe(requestTo(made.engine.controlPort, { tls }));
        assert.deepEqual(failureOf(report), undefined);
        assert.equal(report.ports.length, 2);
      });

  it("rejects a certificate for another host when it verifies certificates", async () => {
    await using made = await startTlsServer({ mode: "Required" }, { authenticator });
    const request = requestTo(made.engine.controlPort, { tls: "Explicit", verifyCertificate: true });
    const failure = failureOf(await runProbe(request));
    assert.deepEqual([failure?.step, failure?.failure.reason], ["Encrypt", "EncryptionFailed"]);
  });

  it("removes its listeners from the signal", async () => {
    await using made = await startTlsServer({ mode: "Required" }, { authenticator });
    const { signal } = new AbortController();
    const request = requestTo(made.engine.controlPort, { tls: "Explicit" });
    assert.equal(failureOf(await runProbe(request, { signal })), undefined);
    await waitUntil("the sockets are closed", 30_000, () =>
      assert.equal(getEventListeners(signal, "abort").length, 0),
    );
  });

  it("ends before the login without an account and reports the steps that it did not try", async () => {
    await using made = await startServer({ authenticator });
    const { account: _none, ...request } = requestTo(made.engine.controlPort);
    const report = await runProbe(request);
    assert.deepEqual(stepsOf(report), ["Resolve", "Connect"]);
    assert.deepEqual(report.notTried, ["LogIn", "PASV", "EPSV"]);
    assert.equal(outcomeOf(report), "LoginNotTried");
    assert.equal(made.counts.get("login Rejected"), undefined);
    const unreachable = await runProbe({ ...request, host: "name.invalid" });
    assert.equal(outcomeOf(unreachable), "Failed");
  });

  it("reports a wrong password without printing it", async () => {
    await using made = await startServer({ authenticator });
    const password = "x".repeat(40);
    const report = await runProbe(
      requestTo(made.engine.controlPort, { account: { user: CHECK_USER, password } }),
    );
    assert.equal(failureOf(report)?.failure.reason, "LoginFailed");
    assert.doesNotMatch(JSON.stringify(report), /xxxx/);
  });

  it("fails at PASV when the engine has no address to announce", async () => {
    await using made = await startServer({ authenticator, announced: undefined });
    const failure = failureOf(await runProbe(requestTo(made.engine.controlPort)));
    assert.deepEqual([failure?.step, failure?.failure.reason], ["PASV", "PassiveModeRejected"]);
  });
});

const NOWHERE = "227 Entering Passive Mode (127,0,0,1,0,1)";

const BROKEN: readonly [what: string, server: (socket: Socket) => void, reason: keyof typeof CAUSES][] = [
  ["closes immediately", (socket) => socket.destroy(), "NoGreeting"],
  ["sends nothing", () => undefined, "NoGreeting"],
  ["is no FTP server", (socket) => socket.write("SSH-2.0-x\r\n"), "NoGreeting"],
  ["has too many sessions", scripted("421 Too many", {}), "NoGreeting"],
  ["never ends its reply", (socket) => socket.write(`220-${"x".repeat(70_000)}`), "NoGreeting"],
  ["rejects the user", scripted("220 Hello", { USER: "530 No" }), "LoginFailed"],
  ["rejects the password", scripted("220 Hello", { ...LOGIN, PASS: "530 No" }), "LoginFailed"],
  ["does not reply to the password", scripted("220 Hello", { ...LOGIN, PASS: "" }), "LoginFailed"],
  ["has no passive mode", scripted("220 Hello", { ...LOGIN, PASV: "502 No" }), "PassiveModeRejected"],
  ["sends no port", scripted("220 Hello", { ...LOGIN, PASV: "227 Fine" }), "PassiveModeRejected"],
  [
    "sends an invalid port",
    scripted("220 Hello", { ...LOGIN, PASV: "227 (1,2,3,4,5,999)" }),
    "PassiveModeRejected",
  ],
  ["announces a closed port", scripted("220 Hello", { ...LOGIN, PASV: NOWHERE }), "DataConnectFailed"],
  [
    "announces a closed port of another address",
    scripted("220 Hello", { ...LOGIN, PASV: ELSEWHERE }),
    "AddressUnreachable",
  ],
];

const SILENT: ReadonlySet<string> = new Set(["sends nothing", "does not reply to the password"]);

describe("a probe of a server that", () => {
  for (const [what, server, reason] of BROKEN)
    it(`${what} ends with ${reason}`, async () => {
      await using listening = await listen(server);
      const request = requestTo(listening.port, SILENT.has(what) ? { timeoutMilliseconds: 2000 } : {});
      const failure = failureOf(await runProbe(request));
      assert.equal(failure?.failure.reason, reason, failure?.detail ?? "");
      assert.equal(failure?.failure.usualCause, CAUSES[reason]);
    });

  it("rejects the transfer ends with TransferFailed", async () => {
    await using data = await listen(() => undefined);
    const PASV = passiveReply(data.port);
    await using listening = await listen(scripted("220 Hello", { ...LOGIN, PASV, LIST: "550 No" }));
    const failure = failureOf(await runProbe(requestTo(listening.port)));
    assert.deepEqual([failure?.step, failure?.failure.reason], ["PASV", "TransferFailed"]);
  });

  it("never ends a listing ends with TransferFailed when the signal aborts", {
    timeout: 60_000,
  }, async () => {
    await using data = await listen(drip);
    const PASV = passiveReply(data.port);
    const replies = scripted("220 Hello", { ...LOGIN, PASV, LIST: "150 Here" });
    const ending = new AbortController();
    await using listening = await listen((socket) => {
      replies(socket);
      socket.on("data", (line) => String(line).startsWith("LIST") && ending.abort());
    });
    const failure = failureOf(await runProbe(requestTo(listening.port), { signal: ending.signal }));
    assert.deepEqual([failure?.step, failure?.failure.reason], ["PASV", "TransferFailed"]);
  });

  it("sends endless unsolicited replies ends with NoGreeting", async () => {
    await using listening = await listen((socket) => {
      const flood = (): void => {
        while (socket.write("220 Hello\r\n".repeat(1000)));
      };
      socket.on("drain", flood);
      flood();
    });
    const failure = failureOf(await runProbe(requestTo(listening.port)));
    assert.match(failure?.detail ?? "", /unsolicited replies/);
  });

  it("sends more than its reply before TLS ends with EncryptionFailed", async () => {
    await using listening = await listen(scripted("220 Hello", { AUTH: "234 Go\r\n200 injected" }));
    const failure = failureOf(await runProbe(requestTo(listening.port, { tls: "Explicit" })));
    assert.equal(failure?.failure.reason, "EncryptionFailed");
  });

  it("does not listen ends with ConnectFailed, and an unknown name with NameNotResolved", async () => {
    const closed = await listen(() => undefined);
    await closed[Symbol.asyncDispose]();
    assert.equal(failureOf(await runProbe(requestTo(closed.port)))?.failure.reason, "ConnectFailed");
    const unknown = requestTo(21, { host: "no-such-host.invalid" });
    assert.equal(failureOf(await runProbe(unknown))?.failure.reason, "NameNotResolved");
  });
});
