import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { EngineReport, StorageState } from "../../src/api/engine-report.ts";
import { EngineReportPoller } from "../../src/operator/engine-report-poller.ts";
import { fetchEngineReport } from "../../src/operator/fetch-engine-report.ts";
import type { ReportTarget } from "../../src/plan/model/observed.ts";

const KEY = "files/demo";

function reportOf(state: StorageState): EngineReport {
  const storage = { state, path: "/data", uid: 1, gid: 2, groups: [3] };
  return { version: "0.1.0", ready: state === "Writable", storage };
}

const pod = (uid: string, ready: boolean, host = "198.51.100.1"): ReportTarget => ({ uid, ready, host });

describe("the reports of engines", () => {
  let asked: string[];
  let changes: string[];
  let next: EngineReport | undefined;
  let reports: EngineReportPoller;
  const want = (...targets: ReportTarget[]): void => reports.schedule(KEY, { targets, periodSeconds: 300 });
  const types = (): string[] => [...reports.outcomes(KEY).values()].map(({ type }) => type);
  /** Lets timers run out, and what they began end. */
  const pass = async (seconds: number): Promise<void> => {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      mock.timers.tick(100);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    }
  };

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    [asked, changes, next] = [[], [], reportOf("Writable")];
    reports = new EngineReportPoller({
      fetch: async (host) => {
        asked.push(host);
        return next;
      },
      onChange: (key) => void changes.push(key),
    });
  });
  afterEach(() => {
    reports.close();
    mock.timers.reset();
  });

  it("are read soon after a pod is ready, and then once in each period", async () => {
    want(pod("a", true));
    assert.deepEqual(types(), ["Pending"]);
    await pass(1);
    assert.deepEqual([asked.length, types(), changes], [1, ["Known"], [KEY]]);
    want(pod("a", true));
    await pass(299);
    assert.equal(asked.length, 1);
    await pass(1);
    assert.equal(asked.length, 2);
    assert.deepEqual(changes, [KEY], "the second one says the same");
  });

  it("are read of a pod that is not ready for some seconds, and again until it is", async () => {
    next = reportOf("NotWritable");
    want(pod("a", false));
    await pass(4);
    assert.equal(asked.length, 0, "most pods are ready by then");
    await pass(12);
    assert.equal(asked.length, 2);
    next = reportOf("Writable");
    want(pod("a", true));
    assert.deepEqual(types(), ["Known"], "the last one counts until there is another");
    await pass(1);
    assert.deepEqual([...reports.outcomes(KEY).values()], [{ type: "Known", report: next }]);
    assert.deepEqual(changes, [KEY, KEY]);
  });

  it("are read more often while the storage of a ready pod is not as it should be", async () => {
    next = reportOf("Full");
    want(pod("a", true));
    await pass(61);
    assert.equal(asked.length, 3);
  });

  it("are unknown after three failures in a row, and known again after a success", async () => {
    want(pod("a", true));
    await pass(1);
    next = undefined;
    await pass(315);
    assert.deepEqual(types(), ["Known"]);
    await pass(10);
    assert.deepEqual([asked.length, types(), changes.length], [4, ["Unknown"], 2]);
    next = reportOf("Writable");
    await pass(300);
    assert.deepEqual(types(), ["Known"]);
  });

  it("end with their pods and servers", async () => {
    want(pod("a", true), pod("b", true, "198.51.100.2"));
    await pass(1);
    want(pod("b", true, "198.51.100.2"));
    assert.equal(reports.outcomes(KEY).size, 1);
    reports.forget(KEY);
    asked = [];
    await pass(1000);
    assert.deepEqual([asked, reports.outcomes(KEY).size], [[], 0]);
  });
});

describe("reading a report", () => {
  /** @returns what is read from a server that answers so */
  async function read(
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

  it("takes the answers of engines that are ready and that are not", async () => {
    for (const status of [200, 503]) {
      const report = await read((_, response) => response.writeHead(status).end(text));
      assert.deepEqual(report, reportOf("NotWritable"));
    }
  });

  const wrong: Readonly<Record<string, RequestListener>> = {
    "another status": (_, response) => response.writeHead(302, { location: "http://127.0.0.1/" }).end(text),
    "the word of an older engine": (_, response) => response.end("ok\n"),
    "an endless answer": (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(" ".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    },
    "a report that is too long": (_, response) => response.end(text + " ".repeat(256 * 1024)),
    "an answer that is cut": (_, response) => {
      response.writeHead(200, { "content-length": text.length }).write(text.slice(0, 20));
      setTimeout(() => response.destroy(), 50);
    },
  };
  for (const [what, answer] of Object.entries(wrong))
    it(`ends without one at ${what}`, async () => assert.equal(await read(answer), undefined));

  it("ends at the deadline when nothing or only a part comes", async () => {
    assert.equal(await read(() => undefined, 200), undefined);
    assert.equal(await read((_, response) => response.write(text.slice(0, 20)), 200), undefined);
  });

  it("dials no address of the operator's own machine", async () => {
    const { signal } = new AbortController();
    for (const host of ["127.0.0.1", "169.254.169.254", "::1"])
      assert.equal(await fetchEngineReport(host, signal), undefined);
  });
});
