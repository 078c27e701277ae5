import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { EngineReport, VolumeState } from "../../src/api/engine-report.ts";
import { EngineReportPoller } from "../../src/operator/engine-report-poller.ts";
import { fetchEngineReport } from "../../src/operator/fetch-engine-report.ts";
import type { ReportTarget } from "../../src/plan/model/observed.ts";

const KEY = "files/demo";

function reportOf(state: VolumeState): EngineReport {
  const storage = { state, path: "/data", uid: 1, gid: 2, groups: [3] };
  return { version: "0.1.0", ready: state === "Writable", storage };
}

const pod = (uid: string, ready: boolean, host = "198.51.100.1"): ReportTarget => ({
  uid,
  ready,
  started: ready,
  host,
});

describe("EngineReportPoller", () => {
  let requested: string[];
  let changes: string[];
  let next: EngineReport | undefined;
  let poller: EngineReportPoller;
  const schedule = (...targets: ReportTarget[]): void =>
    poller.schedule(KEY, { targets, periodSeconds: 300 });
  const types = (): string[] => [...poller.outcomes(KEY).values()].map(({ type }) => type);
  /** Advances the timers and waits for the calls that the timers start. */
  const pass = async (seconds: number): Promise<void> => {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      mock.timers.tick(100);
      for (let tick = 0; tick < 10; tick++) await Promise.resolve();
    }
  };

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    [requested, changes, next] = [[], [], reportOf("Writable")];
    poller = new EngineReportPoller({
      fetch: async (host) => {
        requested.push(host);
        return next;
      },
      onChange: (key) => void changes.push(key),
    });
  });
  afterEach(() => {
    poller.close();
    mock.timers.reset();
  });

  it("requests a report shortly after a pod becomes ready and then once per period", async () => {
    schedule(pod("a", true));
    assert.deepEqual(types(), ["Pending"]);
    await pass(1);
    assert.deepEqual([requested.length, types(), changes], [1, ["Known"], [KEY]]);
    schedule(pod("a", true));
    await pass(299);
    assert.equal(requested.length, 1);
    await pass(1);
    assert.equal(requested.length, 2);
    assert.deepEqual(changes, [KEY], "the second report is equal");
  });

  it("requests the report of an unready pod after a few seconds, and repeats the request until the pod is ready", async () => {
    next = reportOf("NotWritable");
    schedule(pod("a", false));
    await pass(4);
    assert.equal(requested.length, 0, "most pods become ready earlier");
    await pass(12);
    assert.equal(requested.length, 2);
    next = reportOf("Writable");
    schedule(pod("a", true));
    assert.deepEqual(types(), ["Known"], "the last report is kept until the next one");
    await pass(1);
    assert.deepEqual([...poller.outcomes(KEY).values()], [{ type: "Known", report: next }]);
    assert.deepEqual(changes, [KEY, KEY]);
  });

  it("requests the report of a pod soon after its startup probe, and often until the storage check has a result", async () => {
    schedule(pod("a", false));
    await pass(1);
    next = reportOf("Checking");
    schedule({ ...pod("a", false), started: true });
    await pass(3);
    assert.equal(requested.length, 1);
    await pass(3);
    assert.equal(requested.length, 2);
    next = reportOf("NotWritable");
    await pass(3);
    assert.deepEqual([...poller.outcomes(KEY).values()], [{ type: "Known", report: next }]);
    await pass(8);
    assert.equal(requested.length, 3, "the check has a result");
  });

  it("requests reports more often while the storage of a ready pod has an error", async () => {
    next = reportOf("Full");
    schedule(pod("a", true));
    await pass(61);
    assert.equal(requested.length, 3);
  });

  it("requests reports more often while additional storage has an error or its first check runs", async () => {
    const storage = reportOf("Full").storage;
    next = { ...reportOf("Writable"), additionalStorage: { inbox: { ...storage, state: "Checking" } } };
    schedule(pod("a", true));
    await pass(7);
    assert.equal(requested.length, 3);
    next = { ...reportOf("Writable"), additionalStorage: { inbox: storage } };
    await pass(61);
    assert.equal(requested.length, 5);
  });

  it("returns Unknown after three consecutive failures and Known after a success", async () => {
    schedule(pod("a", true));
    await pass(1);
    next = undefined;
    await pass(315);
    assert.deepEqual(types(), ["Known"]);
    await pass(10);
    assert.deepEqual([requested.length, types(), changes.length], [4, ["Unknown"], 2]);
    next = reportOf("Writable");
    await pass(300);
    assert.deepEqual(types(), ["Known"]);
  });

  it("stops requests for pods and FtpServers that no longer exist", async () => {
    schedule(pod("a", true), pod("b", true, "198.51.100.2"));
    await pass(1);
    schedule(pod("b", true, "198.51.100.2"));
    assert.equal(poller.outcomes(KEY).size, 1);
    poller.forget(KEY);
    requested = [];
    await pass(1000);
    assert.deepEqual([requested, poller.outcomes(KEY).size], [[], 0]);
  });
});

describe("fetchEngineReport", () => {
  /** Fetches an engine report from an HTTP server with the given handler. */
  async function fetchFrom(
    answer: RequestListener,
    deadlineMilliseconds = 30_000,
  ): Promise<EngineReport | undefined> {
    const server = createServer(answer).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server has this address
      const { port } = server.address() as AddressInfo;
      const options = { port, deadlineMilliseconds, dialPolicy: () => undefined };
      return await fetchEngineReport("127.0.0.1", new AbortController().signal, options);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  const text = JSON.stringify(reportOf("NotWritable"));

  it("returns the reports of ready and unready engines", async () => {
    for (const status of [200, 503]) {
      const report = await fetchFrom((_, response) => response.writeHead(status).end(text));
      assert.deepEqual(report, reportOf("NotWritable"));
    }
  });

  const wrong: Readonly<Record<string, RequestListener>> = {
    "another status": (_, response) => response.writeHead(302, { location: "http://127.0.0.1/" }).end(text),
    "the response of an older engine": (_, response) => response.end("ok\n"),
    "an endless response": (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(" ".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    },
    "a report that is too long": (_, response) => response.end(text + " ".repeat(256 * 1024)),
    "an incomplete response": (_, response) => {
      response.writeHead(200, { "content-length": text.length }).write(text.slice(0, 20));
      setTimeout(() => response.destroy(), 50);
    },
  };
  for (const [what, answer] of Object.entries(wrong))
    it(`returns undefined for ${what}`, async () => assert.equal(await fetchFrom(answer), undefined));

  it("returns undefined at the deadline without a complete response", async () => {
    assert.equal(await fetchFrom(() => undefined, 200), undefined);
    assert.equal(await fetchFrom((_, response) => response.write(text.slice(0, 20)), 200), undefined);
  });

  it("does not connect to addresses of the operator's machine", async () => {
    const { signal } = new AbortController();
    for (const host of ["127.0.0.1", "169.254.169.254", "::1"])
      assert.equal(await fetchEngineReport(host, signal), undefined);
  });
});
