/** `helm test`, as whoever has just installed the chart runs it. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { openCluster } from "../cluster/full.ts";
import { OPERATOR_NAMESPACE, PREFIX, RELEASE } from "./installation.ts";

it("helm test makes a server, transfers over PASV and EPSV, and leaves nothing behind", async () => {
  const cluster = openCluster(PREFIX);
  const printed = await cluster.helm(["test", RELEASE, "--namespace", OPERATOR_NAMESPACE, "--timeout", "3m"]);
  assert.match(printed, /TEST SUITE: +ftp-operator-test\n(?:.*\n)*?Phase: +Succeeded/);
  const left = await cluster.kubectl([
    "-n",
    OPERATOR_NAMESPACE,
    "get",
    "ftpservers,pods,secrets",
    "-l",
    "app.kubernetes.io/component=test",
    "-o",
    "name",
  ]);
  assert.equal(left, "");
});
