/** Runs `helm test` after the installation of the chart. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { openCluster } from "../cluster/full.ts";
import { OPERATOR_NAMESPACE, PREFIX, RELEASE } from "./installation.ts";
import { eventually } from "./test-namespace.ts";

const TEST = `${RELEASE}-test`;

it("helm test creates an FtpServer, transfers files with PASV and EPSV, and removes all objects", async () => {
  const cluster = openCluster(PREFIX);
  const kubectl = (...args: string[]): Promise<string> =>
    cluster.kubectl(["-n", OPERATOR_NAMESPACE, ...args]);
  await kubectl("delete", "ftpserver,pod,secret", TEST, "--ignore-not-found");
  const testing = cluster.helm(["test", RELEASE, "--namespace", OPERATOR_NAMESPACE, "--timeout", "3m"]);
  // The test cluster has no DNS for Services.
  const address = await eventually("the test's Service has an address", () =>
    kubectl("get", "service", TEST, "-o", "jsonpath={.spec.clusterIP}"),
  );
  await cluster.setNames({ [`${TEST}.${OPERATOR_NAMESPACE}.svc`]: address });
  assert.match(await testing, /Phase: +Succeeded/);
  const left = await kubectl(
    "get",
    "ftpservers,pods,secrets",
    "-l",
    "app.kubernetes.io/component=test",
    "-o",
    "name",
  );
  assert.equal(left, "");
});
