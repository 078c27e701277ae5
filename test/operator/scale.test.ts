import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { measureOperator } from "../../tools/scale/measure.ts";
import { readsAndWrites } from "../../tools/scale/requests.ts";

const SERVERS = 50;
const MAIN = join(import.meta.dirname, "../../src/main.ts");
/** Six children written, one password read, the status once, two events. */
const MOST_REQUESTS_PER_SERVER = 10;

test("many FtpServers cost few requests each, and an operator that starts anew asks for lists alone", async () => {
  const found = await measureOperator({
    servers: SERVERS,
    passwords: "Hashed",
    main: MAIN,
    say: () => undefined,
  });
  assert.equal(found.children.length, 6 * SERVERS);
  const asked = readsAndWrites(found.requests).map(([, count]) => count);
  const perServer = asked.reduce((sum, count) => sum + count, 0) / SERVERS;
  assert.ok(perServer <= MOST_REQUESTS_PER_SERVER, `${perServer} requests for each FtpServer`);
  assert.deepEqual(found.restartWrites, []);
  assert.deepEqual(readsAndWrites(found.restartRequests), []);
});
