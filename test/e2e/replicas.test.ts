import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { type Site, url } from "../support/clients/clients.ts";
import { answering, siteOf } from "./outside.ts";
import { conditionOf, eventually, TestNamespace } from "./test-namespace.ts";

const USERS = { alice: "secret" };
const SESSIONS = 100;
const AT_ONCE = 8;
const FILE_BYTES = 40_009;

const SERVERS = [
  { name: "one", replicas: 1, portRange: { first: 50200, last: 50209 } },
  { name: "two", replicas: 2, portRange: { first: 50220, last: 50234 } },
] as const;

/** One FTP session of curl, parsed from the log that curl writes. */
interface Session {
  file: string;
  /** Passive ports for the upload and the download. */
  ports: number[];
}

describe("replicas", () => {
  let namespace: TestNamespace;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-replicas-"));
    namespace = await TestNamespace.create("e2e-replicas");
    for (const { name, replicas, portRange } of SERVERS) {
      const pod = { topologySpreadConstraints: [onePodANode(name)] };
      await namespace.applyServer(name, USERS, { replicas, passive: { portRange }, pod });
    }
  });

  after(async () => {
    await namespace.remove();
    await rm(directory, { recursive: true });
  });

  for (const { name, replicas, portRange } of SERVERS) {
    it(`${replicas}: serve ${SESSIONS} sessions with an upload and a download each on the pod of the session`, async () => {
      await namespace.waitComplete(name);
      const owners = await portOwners(namespace, name);
      assert.equal(owners.size, replicas);
      assertDisjoint([...owners.values()], portRange);
      assert.equal(
        (await nodesOf(namespace, [...owners.keys()])).size,
        replicas,
        "each on a node of its own",
      );

      const login = await answering(namespace, await namespace.login(name, "alice", USERS.alice));
      const sites = [siteOf(namespace, login, "client"), siteOf(namespace, login, "other")];
      const sessions = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, lane) => runLane(sites, lane, directory)),
      );

      const busy = new Map<string, number>();
      for (const pod of owners.keys()) {
        const lines = await namespace.transfers(pod);
        busy.set(pod, lines.filter(({ direction }) => direction === "Upload").length);
        for (const { user, path, bytes, result } of lines) {
          assert.deepEqual({ user, bytes, result }, { user: "alice", bytes: FILE_BYTES, result: "Complete" });
          const session = sessions.flat().find(({ file }) => `/${file}` === path);
          assert.equal(session?.ports.length, 2, String(path));
          for (const port of session?.ports ?? []) {
            assert.ok(
              owners.get(pod)?.includes(port),
              `${String(path)} went through ${port}, not a port of ${pod}`,
            );
          }
        }
      }
      const counts = [...busy.values()];
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        SESSIONS,
      );
      assert.ok(!counts.includes(0), `every pod had some: ${JSON.stringify(Object.fromEntries(busy))}`);
    });
  }

  it("report that they do not share files", async () => {
    const storage = conditionOf(await namespace.waitReady("two"), "StorageReady");
    assert.equal(storage?.reason, "EphemeralStorage");
    assert.match(storage?.message ?? "", /Each replica has separate files/);
    assert.doesNotMatch(conditionOf(await namespace.server("one"), "StorageReady")?.message ?? "", /own/);
    assert.ok((await namespace.eventNotes("two")).some((note) => note.includes("separate files")));
  });

  it("remove a pod that no StatefulSet controls when its slot is no longer needed", async () => {
    assert.deepEqual((await namespace.pods("two")).toSorted(), ["two-a-0", "two-b-0"]);
    // While `spec.maintenance.mode` is `Enabled`, the operator creates no StatefulSet. The pod therefore remains
    // without a StatefulSet.
    await namespace.patchSpec("two", { maintenance: { mode: "Enabled" } });
    await namespace.waitReady("two");
    await namespace.kubectl(["delete", "statefulset", "two-b", "--cascade=orphan"]);
    await namespace.patchSpec("two", { maintenance: { mode: "Disabled" }, replicas: 1 });
    await eventually("the orphan is gone", async () =>
      assert.deepEqual(await namespace.pods("two"), ["two-a-0"]),
    );
    await namespace.waitComplete("two");
  });
});

function onePodANode(name: string): object {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { "app.kubernetes.io/instance": name } },
  };
}

/** Runs sessions in sequence, alternating between the two outside hosts. */
async function runLane(sites: readonly Site[], lane: number, directory: string): Promise<Session[]> {
  const done: Session[] = [];
  for (let index = lane; index < SESSIONS; index += AT_ONCE) {
    const site = sites[index % sites.length];
    if (site) done.push(await thereAndBack(site, directory, `file-${index}`, index % 4 < 2));
  }
  return done;
}

/** Uploads a file, downloads it in the same session and compares the contents. */
async function thereAndBack(
  site: Site,
  directory: string,
  file: string,
  extended: boolean,
): Promise<Session> {
  const [source, back] = [join(directory, file), join(directory, `${file}.back`)];
  const content = randomBytes(FILE_BYTES);
  await writeFile(source, content);
  const { user, password } = site.login;
  // With PASV, curl uses the announced address instead of the control connection address.
  const mode = extended ? [] : ["--disable-epsv", "--no-ftp-skip-pasv-ip"];
  const common = ["-sSv", "--stderr", "-", "--connect-timeout", "10", "-u", `${user}:${password}`, ...mode];
  const upload = [...common, "-T", source, url(site, file)];
  const said = await site.run(["curl", ...upload, "--next", ...common, "-o", back, url(site, file)]);
  assert.ok((await readFile(back)).equals(content), `${file} is unchanged after the round trip`);
  return { file, ports: announcedPorts(said) };
}

/** Returns the ports in PASV (RFC 959) and EPSV (RFC 2428) replies from the log of curl. */
function announcedPorts(said: string): number[] {
  const replies = [...said.matchAll(/^< 22(?:7 .*\(\d+,\d+,\d+,\d+,(\d+),(\d+)\)|9 .*\(\|\|\|(\d+)\|\))/gm)];
  return replies.map(([, high = "0", low = "0", port]) => Number(port ?? Number(high) * 256 + Number(low)));
}

/** Returns the passive ports of each ready pod from the status. */
async function portOwners(namespace: TestNamespace, name: string): Promise<Map<string, number[]>> {
  const { status } = await namespace.server(name);
  const serving = (status?.slots ?? []).filter(({ state }) => state === "Serving");
  return new Map(
    serving.map(({ name: slot, passivePorts }) => [
      `${name}-${slot}-0`,
      passivePorts === undefined ? [] : portsOf(passivePorts),
    ]),
  );
}

function portsOf({ first, last }: { first: number; last: number }): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function assertDisjoint(slices: readonly number[][], range: { first: number; last: number }): void {
  const all = slices.flat();
  assert.ok(all.every((port) => port >= range.first && port <= range.last));
  assert.equal(new Set(all).size, all.length, "no port has two owners");
}

async function nodesOf(namespace: TestNamespace, pods: readonly string[]): Promise<Set<string>> {
  type Pod = KubeObject & { spec: { nodeName: string } };
  const found = await Promise.all(pods.map((pod) => namespace.get<Pod>("pod", pod)));
  return new Set(found.map(({ spec }) => spec.nodeName));
}
