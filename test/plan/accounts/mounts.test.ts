import assert from "node:assert/strict";
import { test } from "node:test";
import { admitUsers } from "../../../src/plan/accounts/admission.ts";
import { account } from "../../support/plan/account.ts";
import { serverOf } from "../../support/plan/cluster.ts";

test("admitUsers rejects mounts that the owner of the FtpServer does not permit", () => {
  const additionalStorage = (["Disabled", "ReadOnly", "ReadWrite"] as const).map((ftpUsers) => ({
    name: ftpUsers.toLowerCase(),
    type: "PersistentVolumeClaim" as const,
    persistentVolumeClaim: { claimName: "files" },
    ftpUsers,
  }));
  const mounts = [undefined, "other", "disabled", "readonly", "readwrite"].flatMap((storage) =>
    (["ReadOnly", "ReadWrite"] as const).map((access) => ({
      path: "/m",
      subPath: "/",
      access,
      ...(storage !== undefined && { storage }),
    })),
  );
  const server = serverOf({ userSources: { from: "SameNamespace" }, additionalStorage });
  const users = mounts.map((mount, index) => account("files", `u${index}`, { mounts: [mount] }));
  const found = admitUsers(server, users, undefined);
  const accepted = found.filter(({ rejection }) => rejection === undefined);
  assert.deepEqual(
    accepted.map(({ user }) => `${user.spec.mounts[0]?.storage} ${user.spec.mounts[0]?.access}`),
    ["readonly ReadOnly", "readwrite ReadOnly", "readwrite ReadWrite"],
  );
  const reasons = new Set(found.flatMap(({ rejection }) => rejection?.reason ?? []));
  assert.deepEqual([...reasons], ["MountNotAllowed"]);
});
