import assert from "node:assert/strict";
import { it } from "node:test";
import { accountsOf } from "../../src/operator/observe.ts";
import { ExpectationCache } from "../../src/operator/expectation-cache.ts";
import { account } from "../support/plan/account.ts";

const versions = (users: { metadata: { resourceVersion?: string } }[]): (string | undefined)[] =>
  users.map(({ metadata }) => metadata.resourceVersion);

it("accountsOf returns the written version of an FtpUser, and omits it after its deletion", () => {
  const user = account("team-a", "ann");
  const at = (resourceVersion: string) => ({ ...user, metadata: { ...user.metadata, resourceVersion } });
  const expectations = new ExpectationCache();
  expectations.record("files/demo", at("11"), performance.now());
  const seen = (...cached: object[]) =>
    // @ts-expect-error -- accountsOf reads only the index of FtpUsers
    versions(accountsOf("files/demo", { expectations, informers: { users: { byIndex: () => cached } } }));
  assert.deepEqual(seen(at("10")), ["11"]);
  assert.deepEqual(seen(), []);
});
