import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { conditionOf, eventually, TestNamespace } from "./test-namespace.ts";

const USERS = { alice: "secret" };
const NAME = "dialled";
/** Control port of the engine container. */
const POD_CONTROL_PORT = 2121;

describe("PassiveReachable", () => {
  let namespace: TestNamespace;
  before(async () => {
    namespace = await TestNamespace.create("e2e-reachability");
    const passive = { portRange: { first: 50500, last: 50514 } };
    await namespace.applyServer(NAME, USERS, { replicas: 2, passive });
  });
  after(() => namespace.remove());

  const says = (desired: string): Promise<string> =>
    eventually(`PassiveReachable is ${desired}`, async () => {
      const { status, reason, message } = conditionOf(await namespace.server(NAME), "PassiveReachable") ?? {};
      assert.equal(`${status} ${reason}`, desired, message ?? "");
      return message ?? "";
    });

  it("is True after a listing over a passive port of both slots", async () => {
    await says("True Reachable");
  });

  it("is False with an event when passive ports are closed, and does not change Ready", async () => {
    // While `spec.maintenance.mode` is `Enabled`, the operator does not restore the NetworkPolicy. The change to the
    // check period starts a check immediately.
    await namespace.patchSpec(NAME, {
      maintenance: { mode: "Enabled" },
      reachabilityCheck: { periodSeconds: 61 },
    });
    const open = { ingress: [{ ports: [{ port: POD_CONTROL_PORT, protocol: "TCP" }] }] };
    await namespace.kubectl([
      "patch",
      "networkpolicy",
      NAME,
      "--type=merge",
      "-p",
      JSON.stringify({ spec: open }),
    ]);
    const message = await says("False DataConnectFailed");
    assert.match(message, /^PASV: 198\.51\.100\.\d+ port 505\d\d: no response within 5 seconds\. /);
    assert.equal(conditionOf(await namespace.server(NAME), "Ready")?.status, "True");
    const notes = await namespace.eventNotes(NAME);
    assert.ok(
      notes.some((note) => note.startsWith("PASV: ")),
      notes.join("\n"),
    );
  });

  it("is True when they are open again", async () => {
    await namespace.patchSpec(NAME, {
      maintenance: { mode: "Disabled" },
      reachabilityCheck: { periodSeconds: 62 },
    });
    await says("True Reachable");
    const { spec } = await namespace.get<KubeObject & { spec: { ingress: unknown[] } }>(
      "networkpolicy",
      NAME,
    );
    assert.ok(JSON.stringify(spec.ingress).includes("50500"));
  });

  it("uses an account without files, whose password is in no status, log or event", async () => {
    const secret = await namespace.get<KubeObject & { data: Record<string, string> }>(
      "secret",
      `${NAME}-config`,
    );
    const [config = ""] = Object.values(secret.data);
    const { check } = JSON.parse(Buffer.from(config, "base64").toString("utf8"));
    assert.ok(check.token.length >= 32);
    const logs = await Promise.all((await namespace.pods(NAME)).map((pod) => namespace.log(pod)));
    const told = JSON.stringify([await namespace.server(NAME), await namespace.eventNotes(NAME), logs]);
    assert.ok(told.includes(".ftp-operator-check"), "the pods log who came");
    assert.ok(!told.includes(check.token));
  });
});
