/** Upgrades the operator from the previous release while sessions are open and transfers run. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ControlSession } from "../support/clients/control-session.ts";
import { installChart, loadImage, loadProduct, OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { operatorLeads } from "./operator.ts";
import { answering, clientNamed } from "./outside.ts";
import { type Previous, previousRelease } from "./previous.ts";
import { TransferLoop } from "./transfer-loop.ts";
import { eventually, type Login, TestNamespace } from "./test-namespace.ts";

const NAME = "upgraded";
const PLACE = { release: RELEASE, namespace: OPERATOR_NAMESPACE };

describe("an upgrade from the previous release", () => {
  let namespace: TestNamespace;
  let directory: string;
  let previous: Previous | undefined;
  let login: Login;
  let loops: TransferLoop[] = [];
  let current: string[];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-upgrade-"));
    namespace = await TestNamespace.create("e2e-upgrade");
    current = await loadProduct(namespace.cluster, () => undefined);
    previous = await previousRelease();
  });
  after(async () => {
    await Promise.all(loops.map((loop) => loop.stop()));
    // Even after a failure, later tests require the operator of this release.
    await installChart(namespace.cluster, { ...PLACE, values: current });
    await namespace.remove();
    await previous?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  const imageOf = async (): Promise<string[]> => {
    const format = "-o=jsonpath={.items[*].spec.containers[0].image}";
    const selector = `app.kubernetes.io/instance=${NAME}`;
    return (await namespace.kubectl(["get", "pods", "-l", selector, format])).split(" ");
  };

  it("keeps sessions, transfers and logins", async (context) => {
    if (previous === undefined) return context.skip("the history does not reach back to a release before");
    const { image, checkout, commit } = previous;
    await installChart(namespace.cluster, {
      ...PLACE,
      checkout,
      values: await loadImage(namespace.cluster, image),
    });
    await operatorLeads(namespace);
    const claim = { create: { accessModes: ["ReadWriteMany"], size: "1Gi" }, whenDeleted: "Delete" };
    await namespace.applyServer(
      NAME,
      { alice: "one" },
      {
        exposure: { service: { externalTrafficPolicy: "Cluster" } },
        passive: { portRange: { first: 50560, last: 50579 } },
        storage: { type: "PersistentVolumeClaim", persistentVolumeClaim: claim },
        rollout: { drainPeriodSeconds: 120 },
      },
    );
    await namespace.waitComplete(NAME);
    assert.deepEqual(await imageOf(), [image.reference]);
    login = await answering(namespace, await namespace.login(NAME, "alice", "one"));
    const [curl, lftp] = [clientNamed("curl"), clientNamed("lftp")];
    loops = [
      new TransferLoop(namespace, login, directory, curl),
      new TransferLoop(namespace, login, directory, lftp, "other"),
    ];
    await Promise.all(loops.map((loop) => loop.more(2)));
    using session = await namespace.session(login);

    await installChart(namespace.cluster, { ...PLACE, values: current });
    await eventually("a pod of this release serves", async () => {
      await namespace.waitComplete(NAME);
      const images = await imageOf();
      assert.ok(
        images.some((name) => name !== image.reference),
        images.join(" "),
      );
      const slots = (await namespace.server(NAME)).status?.slots ?? [];
      assert.ok(
        slots.some(({ state }) => state === "Draining"),
        "the session holds the old pod",
      );
    });
    await listOver(session);
    await Promise.all(loops.map((loop) => loop.more(3)));
    const counts = await Promise.all(loops.map((loop) => loop.end()));
    console.log(
      `from ${commit}: ${counts[0]} and ${counts[1]} round trips, none failed; the old session stayed open`,
    );
  });
});

/** Fails unless the session is on the old pod and can open passive data connections. */
async function listOver(session: ControlSession): Promise<void> {
  assert.equal((await session.command("NOOP")).code, 200);
  const { port } = await session.passive();
  assert.ok(port >= 50560 && port <= 50579);
}
