/** Tests that the operator does not change applied objects. There must be no diff, and field owners must not change. */
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
  /** Waits until the operator has written the status of all objects. */
  const reconciled = (): Promise<any[]> =>
    eventually("the operator has seen them", async () => {
      const servers = await list();
      assert.ok(servers.length > 0);
      for (const { metadata, status } of servers)
        assert.equal(status?.observedGeneration, metadata.generation);
      return servers;
    });

  it("does not change when it is applied again", async () => {
    await plane.kubectl(serverSide, manifest);
    const before = await reconciled();
    await plane.kubectl(serverSide, manifest);
    const after = await list();
    assert.deepEqual(
      after.map(({ metadata, spec }) => [metadata.generation, spec]),
      before.map(({ metadata, spec }) => [metadata.generation, spec]),
    );
    // `kubectl diff` exits with code 1 when it finds a difference.
    assert.equal(
      await plane.kubectl(["diff", "--server-side", `--field-manager=${MANAGER}`, "-f", "-"], manifest),
      "",
    );
  });

  it("has a spec without fields of the operator, which owns only the status", async () => {
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

  it("does not change when it is applied again by client-side apply", async () => {
    await plane.kubectl(["delete", "ftpservers", "--all"]);
    await plane.kubectl(["apply", "-f", "-"], manifest);
    await reconciled();
    assert.equal(await plane.kubectl(["diff", "-f", "-"], manifest), "");
  });
});
