/** What the operator makes of a check, against whole engines and against servers that mean ill. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CHECK_USER } from "../../src/api/engine-config.ts";
import { VirtualUsers } from "../../src/engine/auth/virtual-users.ts";
import { checkTarget } from "../../src/operator/check-target.ts";
import type { ReachabilityTarget } from "../../src/plan/reachability.ts";
import { drip, listen, LOGIN, passiveReply, scripted } from "../check/scripted-server.ts";
import { startServer } from "../engine/wire/server.ts";

const token = "0123456789abcdef0123456789abcdef";
const authenticator = new VirtualUsers({ users: [], check: { token } });
const SLICE = { first: 50000, last: 50004 };

const targetAt = (port: number, change: Partial<ReachabilityTarget> = {}): ReachabilityTarget => ({
  host: "127.0.0.1",
  port,
  tls: "None",
  token,
  slots: [{ name: "a", ports: SLICE }],
  ...change,
});

describe("a check of the slots", () => {
  it("tells which of them no login came to, and gives up in the end", async () => {
    await using made = await startServer({ authenticator });
    const { first, last } = made.ports;
    const here = { host: "127.0.0.1", port: made.server.controlPort, tls: "None" as const, token };
    const signal = new AbortController().signal;
    const met = { name: "a", ports: { first, last } };
    assert.deepEqual(await checkTarget({ ...here, slots: [met] }, signal), { type: "Reachable", unmet: [] });
    const slots = [met, { name: "b", ports: { first: last + 1, last: last + 5 } }];
    assert.deepEqual(await checkTarget({ ...here, slots }, signal), { type: "Reachable", unmet: ["b"] });
    const logins = made.log.entries.filter(({ message }) => message === "logged in");
    assert.equal(logins.length, 1 + 4 + 6 * 2);
    assert.ok(logins.every(({ fields }) => "user" in fields && fields.user === CHECK_USER));
  });

  it("tells which step failed", async () => {
    await using made = await startServer({ authenticator, announced: undefined });
    const slots = [{ name: "a", ports: made.ports }];
    const here = { host: "127.0.0.1", port: made.server.controlPort, tls: "None" as const, token, slots };
    const outcome = await checkTarget(here, new AbortController().signal);
    assert.ok(outcome.type === "Unreachable" && outcome.reason === "PassiveRefused");
    assert.match(outcome.detail, /^PASV: PASV is answered "425 /);
  });
});

describe("a check of a server that means ill", () => {
  it("ends with its time when a listing has no end", async () => {
    await using data = await listen(drip);
    const PASV = passiveReply(data.port);
    await using control = await listen(scripted("220 Hello", { ...LOGIN, PASV, LIST: "150 Here" }));
    const signal = new AbortController().signal;
    const outcome = await checkTarget(targetAt(control.port), signal, { deadlineMilliseconds: 300 });
    assert.ok(outcome.type === "Unreachable" && outcome.reason === "TransferFailed");
    assert.equal(outcome.detail, "PASV: the whole check was not over after 0.3 s");
  });

  it("reads no more of a listing than one can have who sees no files", async () => {
    await using data = await listen((socket) => socket.write("x".repeat(70_000)));
    const PASV = passiveReply(data.port);
    await using control = await listen(scripted("220 Hello", { ...LOGIN, PASV, LIST: "150 Here" }));
    const outcome = await checkTarget(targetAt(control.port), new AbortController().signal);
    assert.ok(outcome.type === "Unreachable" && outcome.reason === "TransferFailed");
    assert.equal(outcome.detail, "PASV: the listing has more than 65536 bytes");
  });

  it("stands by what it found when the logins for other slots take too long", async () => {
    let listings = 0;
    await using data = await listen((socket) => void (++listings <= 2 ? socket.end() : drip(socket)));
    const [PASV, EPSV] = [passiveReply(data.port), `229 (|||${data.port}|)`];
    const answers = { ...LOGIN, PASV, EPSV, LIST: "150 Here\r\n226 There" };
    await using control = await listen(scripted("220 Hello", answers));
    const slots = [
      { name: "a", ports: { first: data.port, last: data.port } },
      { name: "b", ports: { first: 1, last: 2 } },
    ];
    const outcome = await checkTarget(targetAt(control.port, { slots }), new AbortController().signal, {
      deadlineMilliseconds: 500,
    });
    assert.deepEqual(outcome, { type: "Reachable", unmet: ["b"] });
  });
});
