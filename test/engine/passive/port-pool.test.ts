import { test } from "node:test";
import * as fc from "fast-check";
import {
  TLS12_PROOF,
  TLS13_PROOF,
  TlsSessionAffinity,
  type TlsClient,
} from "../../../src/engine/tls/session-affinity.ts";
import { ModelledPool } from "./modelled-pool.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 100);
const CLIENTS = ["127.0.0.2", "127.0.0.3"];
const OTHER_CLIENT = "127.0.0.4";
/** TLS session keys. No client owns the last key. */
const KEYS = ["k0", "k1", "k2", "k3", "none"];

type Step = (pool: ModelledPool, tlsClients: readonly TlsClient[]) => Promise<void>;

/** Returns the TLS clients of four control connections. The first and the last client share TLS sessions. */
function fourClients(): TlsClient[] {
  const affinity = new TlsSessionAffinity();
  const tlsClients = ["alice", "bob", "carol", "alice"].map((user, index) => {
    const tlsClient = affinity.newClient();
    tlsClient.user = { name: user };
    tlsClient.learn(`k${index}`, index % 2 === 0 ? TLS12_PROOF : TLS13_PROOF);
    return tlsClient;
  });
  tlsClients[3]?.learn("k0");
  return tlsClients;
}

/** Returns a step with a name, which is printed when the test fails. */
function named(name: string, step: Step): Step {
  return Object.assign(step, { [fc.toStringMethod]: () => name });
}

const client = fc.constantFrom(...CLIENTS);
const index = fc.nat(20);
const reserve = fc
  .tuple(client, fc.option(fc.nat(3), { nil: undefined }))
  .map(([client, tlsClient]) =>
    named(`reserve ${client} ${tlsClient}`, (pool, tlsClients) =>
      pool.reserve(client, tlsClient === undefined ? undefined : tlsClients[tlsClient]),
    ),
  );
const release = index.map((index) => named(`release ${index}`, (pool) => pool.release(index)));
const open = index.map((index) => named(`open ${index}`, (pool) => pool.open(index)));
const connect = fc
  .tuple(fc.constantFrom(...CLIENTS, OTHER_CLIENT), index, fc.constantFrom(...KEYS), fc.boolean())
  .map(([client, port, key, late]) =>
    named(`connect ${client} ${port} ${key} ${late}`, (pool) => pool.connect(client, port, key, late)),
  );
const sendHello = index.map((index) => named(`sendHello ${index}`, (pool) => pool.sendHello(index)));
const disconnect = index.map((index) => named(`hang up ${index}`, (pool) => pool.disconnect(index)));
const advance = fc
  .constantFrom(1, 30, 300, 1500, 3000, 5000, 11_000, 60_000)
  .map((milliseconds) => named(`advance ${milliseconds}`, (pool) => pool.advance(milliseconds)));
const share = fc
  .constantFrom("Enabled" as const, "Disabled" as const)
  .map((sharing) => named(`share ${sharing}`, (pool) => pool.share(sharing)));
/**
 * One TLS client learns the key of another TLS client. The two control connections therefore belong to one client
 * program.
 */
const learn = fc
  .tuple(fc.nat(3), fc.nat(3))
  .map(([one, other]) =>
    named(`learn ${one} ${other}`, async (_, tlsClients) => tlsClients[one]?.learn(`k${other}`)),
  );

const step = fc.oneof(
  { weight: 8, arbitrary: reserve },
  { weight: 3, arbitrary: release },
  { weight: 3, arbitrary: open },
  { weight: 6, arbitrary: connect },
  { weight: 3, arbitrary: sendHello },
  { weight: 1, arbitrary: disconnect },
  { weight: 2, arbitrary: advance },
  { weight: 1, arbitrary: share },
  { weight: 1, arbitrary: learn },
);
/** TLS clients that have kept their TLS session during the same period. */
const kept = fc.subarray([0, 1, 2, 3]);

// id: passive-theft-6
test("the pool behaves like a list of reservations for any sequence of events", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(kept, fc.array(step, { maxLength: 40, size: "max" }), async (kept, steps) => {
      await using pool = await ModelledPool.listen();
      const tlsClients = fourClients();
      for (const index of [...kept, ...kept]) {
        tlsClients[index]?.noteReservation();
        tlsClients[index]?.identify(`k${index}`);
      }
      for (const step of steps) {
        await pool.advance(1);
        await step(pool, tlsClients);
      }
      await pool.end();
    }),
    { numRuns: RUNS },
  );
});
