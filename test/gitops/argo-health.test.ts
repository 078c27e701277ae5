/** Compares the results of the Argo CD health scripts with kstatus for FtpServer states that plans produce. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { load } from "js-yaml";
import type { FtpServer } from "../../src/api/ftpserver.generated.ts";
import type { Condition } from "../../src/api/kubernetes.ts";
import { kstatus } from "../support/plan/kstatus.ts";
import { serverOf, Cluster } from "../support/plan/cluster.ts";
import { FOLDER, healthOf, script, skip } from "./lua.ts";

/** FtpServer states: new, ready, during a rollout, and after failures. */
function states(): FtpServer[] {
  const world = new Cluster(serverOf({ replicas: 2 }));
  const seen: FtpServer[] = [];
  const look = (): void => void seen.push(structuredClone(world.server));
  const go = (...steps: readonly (() => unknown)[]): void => {
    for (const step of steps) {
      step();
      look();
    }
  };
  const settle = [() => world.step(), () => world.control(), () => world.makeReady(), () => world.step()];
  look();
  go(...settle);
  world.loadBalancerAddress = "192.0.2.10";
  go(...settle, () => world.settle());
  world.change({ pod: { image: "engine:2" } });
  look();
  go(
    ...settle,
    ...settle,
    () => world.endDrains(),
    () => world.settle(),
  );
  world.change({ maintenance: { mode: "Enabled" } });
  go(...settle, () => world.settle());
  return seen;
}

/** Returns a copy of the FtpServer in which one condition has the given status. */
function withCondition(server: FtpServer, type: string, status: Condition["status"]): FtpServer {
  const conditions = (server.status?.conditions ?? []).map((condition) =>
    condition.type === type ? { ...condition, status, message: `${type} is ${status}` } : condition,
  );
  return {
    ...server,
    spec: { ...server.spec, maintenance: { mode: "Disabled" } },
    status: { ...server.status, conditions },
  };
}

const SAME: Readonly<Record<string, readonly string[]>> = {
  InProgress: ["Progressing"],
  Failed: ["Degraded"],
  Current: ["Healthy", "Suspended"],
};

describe("the health of an FtpServer in Argo CD", { skip }, () => {
  it("agrees with kstatus in all states", () => {
    const walked = states();
    const last = walked.at(-1);
    assert.ok(last);
    const stalled = withCondition(withCondition(last, "Ready", "False"), "Stalled", "True");
    const all = [
      ...walked,
      stalled,
      withCondition(last, "Ready", "False"),
      withCondition(last, "Ready", "Unknown"),
    ];
    const found = healthOf("FtpServer", all);
    const verdicts = new Set(all.map(kstatus));
    assert.deepEqual([...verdicts].toSorted(), ["Current", "Failed", "InProgress"]);
    for (const [index, server] of all.entries()) {
      const { status = "", message } = found[index] ?? {};
      assert.ok(
        SAME[kstatus(server)]?.includes(status),
        `${index}: ${status} where kstatus says ${kstatus(server)}`,
      );
      assert.notEqual(message, "");
    }
  });

  it("is Suspended during maintenance, and reports an unreachable FtpServer", () => {
    const last = states().at(-1);
    assert.ok(last);
    const unreachable = {
      type: "PassiveReachable",
      status: "False",
      reason: "ConnectFailed",
      message: "nobody gets in",
      observedGeneration: 1,
      lastTransitionTime: "",
    } as const;
    const shut: FtpServer = {
      ...last,
      spec: { ...last.spec, maintenance: { mode: "Disabled" } },
      status: { ...last.status, conditions: [...(last.status?.conditions ?? []), unreachable] },
    };
    const [paused, told] = healthOf("FtpServer", [last, shut]);
    assert.equal(paused?.status, "Suspended");
    assert.deepEqual(told, { status: "Healthy", message: "nobody gets in" });
  });
});

describe("the health of an FtpUser in Argo CD", { skip }, () => {
  it("is Healthy when the user can log in", () => {
    const user = (observedGeneration: number, status?: string): object => ({
      metadata: { generation: 2 },
      ...(status !== undefined && {
        status: { observedGeneration, conditions: [{ type: "Ready", status, message: "why" }] },
      }),
    });
    const found = healthOf("FtpUser", [
      user(2),
      user(1, "True"),
      user(2, "True"),
      user(2, "False"),
      user(2, "Unknown"),
    ]);
    assert.deepEqual(
      found.map(({ status }) => status),
      ["Progressing", "Progressing", "Healthy", "Degraded", "Progressing"],
    );
  });
});

test("the ConfigMap contains the scripts", () => {
  const { data }: { data: Record<string, string> } = JSON.parse(
    JSON.stringify(load(readFileSync(join(FOLDER, "argocd-cm.yaml"), "utf8"))),
  );
  for (const kind of ["FtpServer", "FtpUser"]) {
    assert.equal(data[`resource.customizations.health.ftp-operator.io_${kind}`], script(kind));
  }
});
