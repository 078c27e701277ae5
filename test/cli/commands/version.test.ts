import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILD } from "../../../src/common/version.ts";
import { type Answer, FakeKubectl } from "../../support/cli/fake-kubectl.ts";

interface FakePod {
  name: string;
  component: "operator" | "engine";
  namespace?: string;
  image?: string;
  imageID?: string;
  args?: string[];
  phase?: string;
}

const ARGS = { operator: ["operator", "--engine-image=x"], engine: ["engine", "--config", "f"] };

function podObject(pod: FakePod): object {
  const { name, component, namespace = "ftp-system", image = "ftp-operator:1", phase = "Running" } = pod;
  return {
    metadata: { name, namespace },
    spec: { containers: [{ name: component, image, args: pod.args ?? ARGS[component] }] },
    status: { phase, containerStatuses: [{ name: component, imageID: pod.imageID ?? image }] },
  };
}

/**
 * Returns a function that answers kubectl commands for a cluster with the given pods. The argument `versions` contains
 * the output of `ftp-operator version` in each pod.
 */
function cluster(pods: readonly FakePod[], versions: Readonly<Record<string, Answer>>) {
  return (args: string[]): Answer => {
    if (args[0] === "exec") return versions[args[1] ?? ""] ?? {};
    if (args[0] !== "get") return {};
    const items = pods.filter(({ component }) => args.some((arg) => arg.includes(`component=${component}`)));
    return { stdout: JSON.stringify({ items: items.map(podObject) }) };
  };
}

const reports = (version: string): Answer => ({
  stdout: JSON.stringify({ version, commit: "0123456789", node: "26.0.0" }),
});
const MANAGER: FakePod = { name: "manager", component: "operator" };

describe("kubectl ftpsrv version", () => {
  it("prints the versions in pods and queries one pod of each image", async () => {
    const engine = { component: "engine", namespace: "team-a" } as const;
    const pods: FakePod[] = [
      MANAGER,
      { ...engine, name: "demo-a-0", imageID: "sha256:new" },
      { ...engine, name: "demo-b-0", imageID: "sha256:new" },
      { ...engine, name: "demo-c-0", imageID: "sha256:old" },
      { ...engine, name: "demo-d-0", imageID: "sha256:old", phase: "Pending" },
      { name: "of-another-project", component: "operator", args: ["--leader-elect"] },
    ];
    const versions = {
      manager: reports("0.2.0"),
      "demo-a-0": reports("0.2.0"),
      "demo-c-0": reports("0.1.0"),
    };
    await using kubectl = await FakeKubectl.start(cluster(pods, versions));
    const { code, stdout, stderr } = await kubectl.ftpsrv("version");
    assert.deepEqual([code, stderr], [0, ""]);
    const rows = stdout.split("\n").map((line) => line.split(/ {2,}/));
    assert.deepEqual(rows.slice(1, -1), [
      ["plugin", BUILD.version, "-", BUILD.node, "-", "-"],
      ["operator", "0.2.0", "0123456", "26.0.0", "1", "ftp-operator:1"],
      ["engine", "0.2.0", "0123456", "26.0.0", "2", "ftp-operator:1"],
      ["engine", "0.1.0", "0123456", "26.0.0", "1", "ftp-operator:1"],
    ]);
    const execs = kubectl.calls.filter((call) => call.includes(" exec "));
    assert.equal(execs.length, 3);
    assert.ok(execs.some((call) => call.includes("--namespace=team-a exec demo-a-0 -c engine -- node")));
  });

  it("reports pods that do not respond, prints the other versions, and exits with code 1", async () => {
    const pods: FakePod[] = [MANAGER, { name: "demo-a-0", component: "engine", image: "ftp-operator:0" }];
    const versions = {
      manager: { code: 1, stderr: "Error from server (Forbidden): pods is forbidden: no exec\n" },
      "demo-a-0": { code: 1, stderr: "error: unknown command 'version'\n" },
    };
    await using kubectl = await FakeKubectl.start(cluster(pods, versions));
    const { code, stdout, stderr } = await kubectl.ftpsrv("version");
    assert.equal(code, 1);
    assert.match(stdout, /^plugin +\d/m);
    assert.match(stdout, /^operator +\? +- +\? +1 +ftp-operator:1$/m);
    assert.deepEqual(stderr.trim().split("\n"), [
      "error: pod manager did not respond: pods is forbidden: no exec: ftp-operator:1",
      "error: pod demo-a-0 did not respond: unknown command 'version': ftp-operator:0",
    ]);
  });

  it("queries only pods in the current namespace when pods in other namespaces cannot be listed", async () => {
    const answer = cluster([{ ...MANAGER, namespace: "team-a" }], { manager: reports("0.2.0") });
    await using kubectl = await FakeKubectl.start((args) =>
      args.includes("--all-namespaces")
        ? { code: 1, stderr: "Error from server (Forbidden): pods is forbidden at the cluster scope\n" }
        : answer(args),
    );
    const { code, stdout, stderr } = await kubectl.ftpsrv("version");
    assert.equal(code, 1);
    assert.match(stdout, /^operator +0\.2\.0 /m);
    assert.match(stdout, /^engine +none found /m);
    assert.match(
      stderr,
      /^error: operator pods in other namespaces cannot be listed: .* at the cluster scope$/m,
    );
  });

  it("prints the plugin's version when there is no cluster", async () => {
    const down = "The connection to the server localhost:8080 was lost";
    await using kubectl = await FakeKubectl.start(([verb]) =>
      verb === "get" ? { code: 1, stderr: `${down}\n` } : {},
    );
    const { code, stdout, stderr } = await kubectl.ftpsrv("version");
    assert.equal(code, 1);
    assert.match(stdout, /^plugin +\d/m);
    assert.match(stdout, /^engine +\? +- +\? +\?/m);
    assert.match(stderr, /^error: operator pods cannot be listed: The connection to the server/m);
    assert.match(stderr, /^error: engine pods cannot be listed: The connection to the server/m);
  });

  it("prints JSON with the pods of each version", async () => {
    await using kubectl = await FakeKubectl.start(cluster([MANAGER], { manager: reports("0.2.0") }));
    const { code, stdout } = await kubectl.ftpsrv("version", "--output", "json");
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), {
      plugin: JSON.parse(JSON.stringify(BUILD)),
      operators: [
        {
          version: "0.2.0",
          commit: "0123456789",
          node: "26.0.0",
          image: "ftp-operator:1",
          pods: ["ftp-system/manager"],
        },
      ],
      engines: [],
    });
  });

  it("prints no control characters from an image name or from the response of a pod", async () => {
    const pods: FakePod[] = [
      { name: "demo-a-0", component: "engine", image: "evil\u001b[2J", imageID: "1" },
      { name: "demo-b-0", component: "engine", image: "evil\u009b2J", imageID: "2" },
    ];
    const answer: Answer = { stdout: JSON.stringify({ version: "\u001b]0;owned\u0007", node: "\u001b[2J" }) };
    await using kubectl = await FakeKubectl.start(cluster(pods, { "demo-a-0": answer }));
    const { code, stdout, stderr } = await kubectl.ftpsrv("version");
    assert.equal(code, 1);
    assert.match(stdout, /\?\]0;owned\?/);
    assert.match(stderr, /pod demo-b-0 does not report a version: evil\?2J$/m);
    assert.doesNotMatch((stdout + stderr).replaceAll("\n", ""), /\p{Cc}/u);
  });
});
