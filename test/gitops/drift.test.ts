/** What a GitOps tool applied stays as it was, with an operator at work: no diff, and no field that changes hands. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import {
  eventually,
  getJson,
  installCrd,
  type RunningOperator,
  startOperator,
} from "../support/operator/running.ts";

const EXAMPLE = new URL("../../examples/partners.yaml", import.meta.url);
const MANAGER = "argocd-controller";

describe("an FtpServer applied by a GitOps tool", () => {
  let plane: ControlPlane;
  let operator: RunningOperator;
  let manifest: string;

  before(async () => {
    manifest = await readFile(EXAMPLE, "utf8");
    plane = await startControlPlane({ controllerManager: true });
    await installCrd(plane);
    operator = startOperator(plane);
  });
  after(async () => {
    await operator?.stop();
    await plane?.stop();
  });

  const serverSide = ["apply", "--server-side", `--field-manager=${MANAGER}`, "-f", "-"];
  const list = async (): Promise<any[]> =>
    (await getJson(plane, "ftpservers", "--show-managed-fields")).items;
  /** Until the operator has written the status of each. */
  const reconciled = (): Promise<any[]> =>
    eventually("the operator has seen them", async () => {
      const servers = await list();
      assert.ok(servers.length > 0);
      for (const { metadata, status } of servers)
        assert.equal(status?.observedGeneration, metadata.generation);
      return servers;
    });

  it("stays in sync: a second apply changes nothing", async () => {
    await plane.kubectl(serverSide, manifest);
    const before = await reconciled();
    await plane.kubectl(serverSide, manifest);
    const after = await list();
    assert.deepEqual(
      after.map(({ metadata, spec }) => [metadata.generation, spec]),
      before.map(({ metadata, spec }) => [metadata.generation, spec]),
    );
    // `kubectl diff` ends with 1 where there is a difference.
    assert.equal(
      await plane.kubectl(["diff", "--server-side", `--field-manager=${MANAGER}`, "-f", "-"], manifest),
      "",
    );
  });

  it("keeps its spec to itself: the operator owns the status alone", async () => {
    for (const { metadata } of await list()) {
      const owners = metadata.managedFields.map((entry: any) => ({
        manager: entry.manager,
        subresource: entry.subresource ?? "",
        parts: Object.keys(entry.fieldsV1).filter((key) => key !== "f:metadata"),
      }));
      assert.deepEqual(
        owners.toSorted((a: any, b: any) => (a.manager < b.manager ? -1 : 1)),
        [
          { manager: MANAGER, subresource: "", parts: ["f:spec"] },
          { manager: "ftp-operator", subresource: "status", parts: ["f:status"] },
        ],
      );
    }
  });

  it("stays in sync when applied by the client, too", async () => {
    await plane.kubectl(["delete", "ftpservers", "--all"]);
    await plane.kubectl(["apply", "-f", "-"], manifest);
    await reconciled();
    assert.equal(await plane.kubectl(["diff", "-f", "-"], manifest), "");
  });
});
