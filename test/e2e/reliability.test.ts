/** Everything that a platform team does to a server, while clients outside transfer files all the time. docs/reliability.md has the table. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { FtpClient } from "../clients/clients.ts";
import { killOperator, operatorLeads, operatorRuns } from "./operator.ts";
import { answering, clientNamed } from "./outside.ts";
import { TransferLoop } from "./transfer-loop.ts";
import { eventually, type OutsideHost, World } from "./world.ts";

const NAME = "fleet";
/** A share for each of three replicas and one more. */
const PASSIVE_PORTS = { first: 50_700, last: 50_739 };
const OPERATOR_KILLS = 5;
/** `make reliability` takes no failure at all. Beside other tests, on a machine that may stall for longer than a client waits, so many are let pass. */
const STRICT = process.env["STRICT"] === "yes";
const tolerated = (done: number): number => (STRICT ? 0 : Math.max(1, Math.floor(done / 100)));
const OPERATOR_KILL_PAUSE = 1500;

const LOOPS: readonly { program: string; host: OutsideHost }[] = [
  { program: "curl", host: "client" },
  { program: "curl", host: "other" },
  { program: "lftp", host: "client" },
];

interface Row {
  what: string;
  seconds: number;
  done: number;
  failures: string[];
}

describe("transfers and logins go on", () => {
  let world: World;
  let directory: string;
  let loops: TransferLoop[];
  const rows: Row[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-e2e-"));
    world = await World.create("e2e-reliability");
    const claim = { template: { accessMode: "ReadWriteMany", size: "1Gi" }, whenDeleted: "Delete" };
    await world.applyServer(
      NAME,
      { alice: "one" },
      {
        // Chosen ahead: where it follows the number of replicas, a change between one and more moves clients to other addresses.
        exposure: { loadBalancer: { externalTrafficPolicy: "Cluster" } },
        passive: { portRange: PASSIVE_PORTS },
        storage: { type: "PersistentVolumeClaim", persistentVolumeClaim: claim },
        rollout: { drainPeriodSeconds: 60 },
      },
    );
    await world.waitComplete(NAME);
    const login = await answering(world, await world.login(NAME, "alice", "one"));
    loops = LOOPS.map(({ program, host }, index) => {
      const client: FtpClient = { ...clientNamed(program), name: `${program}-${index}` };
      return new TransferLoop(world, login, directory, client, host);
    });
  });

  after(async () => {
    await Promise.all(loops.map((loop) => loop.stop()));
    console.log(table(rows));
    await world.kubectl(["uncordon", "--all"]).catch(() => undefined);
    await world.remove();
    await rm(directory, { recursive: true });
  });

  /** Does something to the server, waits until it is as its spec says, and lets transfers run for a while after it. */
  function whatever(what: string, action: () => Promise<void>): void {
    it(what, async () => {
      const before = loops.map(({ count, failures }) => ({ count, failed: failures.length }));
      const began = performance.now();
      await action();
      await settled(world);
      await Promise.all(loops.map((loop) => loop.more(2).catch(() => undefined)));
      const row = {
        what,
        seconds: (performance.now() - began) / 1000,
        done: loops.reduce((sum, { count }, index) => sum + count - (before[index]?.count ?? 0), 0),
        failures: loops.flatMap(({ failures }, index) => failures.slice(before[index]?.failed)),
      };
      rows.push(row);
      assert.ok(row.failures.length <= tolerated(row.done), row.failures.join("\n"));
    });
  }

  whatever("rolling change of the pod template", () =>
    world.patchSpec(NAME, { podTemplate: { metadata: { annotations: { "example.com/restarted": "1" } } } }),
  );
  whatever("scaled from 1 to 3", () => world.patchSpec(NAME, { replicas: 3 }));
  whatever("rolling change of three replicas", () =>
    world.patchSpec(NAME, { podTemplate: { metadata: { annotations: { "example.com/restarted": "2" } } } }),
  );
  whatever("another user, and limits", () => world.patchSpec(NAME, { limits: { sessionsPerClient: 40 } }));
  whatever(`operator killed ${OPERATOR_KILLS} times`, async () => {
    for (let count = 0; count < OPERATOR_KILLS; count++) {
      await killOperator(world);
      await new Promise((resolve) => setTimeout(resolve, OPERATOR_KILL_PAUSE));
    }
    await operatorRuns(world);
    await operatorLeads(world);
  });
  whatever("each pod deleted, one after the other", async () => {
    for (const pod of await world.pods(NAME)) {
      await world.kubectl(["delete", "pod", pod, "--wait=false"]);
      await settled(world);
    }
  });
  whatever("scaled from 3 to 1", () => world.patchSpec(NAME, { replicas: 1 }));
});

/** Waits until the server is as its spec says and no pod of it ends any more. */
async function settled(world: World): Promise<void> {
  await eventually(
    `${NAME} is as its spec says`,
    async () => {
      await world.waitComplete(NAME);
      const { status } = await world.server(NAME);
      const busy = status?.slots?.filter(({ state }) => state === "Starting" || state === "Draining") ?? [];
      assert.deepEqual(busy, []);
      const progressing = status?.conditions?.find(({ type }) => type === "Reconciling");
      assert.equal(progressing?.status, "False");
    },
    120_000,
  );
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ what, seconds, done, failures }) =>
      `| ${what} | ${seconds.toFixed(1)} | ${done} | ${failures.length} |`,
  );
  return ["| while | seconds | whole round trips | failed |", "|---|---|---|---|", ...lines].join("\n");
}
