import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { measureOperator } from "../../tools/scale/measure.ts";
import { readsAndWrites } from "../../tools/scale/requests.ts";

const SERVERS = 50;
const MAIN = join(import.meta.dirname, "../../src/main.ts");
/**
 * Maximum number of requests for a new FtpServer: six writes of child objects, one Secret read, one status write and
 * two Events.
 */
const MAX_REQUESTS_PER_SERVER = 10;

test("the operator sends few requests for each FtpServer, and only list and watch requests after a restart", async () => {
  const found = await measureOperator({
    servers: SERVERS,
    passwords: "Hashed",
    main: MAIN,
    say: () => undefined,
  });
  assert.equal(found.children.length, 6 * SERVERS);
  const counts = readsAndWrites(found.requests).map(([, count]) => count);
  const perServer = counts.reduce((sum, count) => sum + count, 0) / SERVERS;
  assert.ok(perServer <= MAX_REQUESTS_PER_SERVER, `${perServer} requests for each FtpServer`);
  assert.deepEqual(found.restartWrites, []);
  assert.deepEqual(readsAndWrites(found.restartRequests), []);
});
