import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { PortAllocation } from "../../../src/engine/passive/port-allocation.ts";

const PORTS = [50_000, 50_001, 50_002];
const CLIENTS = ["a", "b", "c"];

type Step =
  | { do: "Reserve"; client: string; random: number }
  | { do: "Remove"; index: number }
  | { do: "Share"; sharing: "Enabled" | "Disabled" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("Reserve"),
      client: fc.constantFrom(...CLIENTS),
      random: fc.nat(1000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("Remove"), index: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("Share"), sharing: fc.constantFrom("Enabled", "Disabled") }),
  },
);

describe("PortAllocation", () => {
  test("behaves like a list of claims", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let dice = 0;
        let claims: { port: number; client: string; id: number }[] = [];
        const allocation = new PortAllocation<number>(PORTS, "Enabled", (below) => dice % below);
        steps.forEach((step, id) => {
          if (step.do === "Share") allocation.sharing = step.sharing;
          if (step.do === "Remove") {
            const claim = claims[step.index];
            if (claim !== undefined) allocation.remove(claim.port, claim.client, claim.id);
            claims = claims.filter((other) => other !== claim);
          }
          if (step.do === "Reserve") {
            dice = step.random;
            const taken = claims.filter(
              ({ client }) => allocation.sharing === "Disabled" || client === step.client,
            );
            const free = PORTS.filter((port) => !taken.some((claim) => claim.port === port));
            const port = allocation.freePort(step.client);
            const drawn = PORTS[dice % PORTS.length] ?? 0;
            const expected = free.includes(drawn) ? drawn : free[dice % free.length];
            assert.equal(port, expected);
            assert.deepEqual(
              [...allocation.conflicts(step.client)].toSorted((a, b) => a - b),
              taken.map((claim) => claim.id).toSorted((a, b) => a - b),
            );
            if (port !== undefined) {
              allocation.add(port, step.client, id);
              claims.push({ port, client: step.client, id });
            }
          }
          assert.equal(allocation.size, claims.length);
          for (const port of PORTS) {
            for (const client of CLIENTS) {
              const claim = claims.find((claim) => claim.port === port && claim.client === client);
              assert.deepEqual(allocation.holders(port, client), claim === undefined ? [] : [claim.id]);
            }
          }
        });
      }),
    );
  });

  // id: passive-port-guessing
  test("every free port can be chosen", () => {
    for (const index of PORTS.keys()) {
      const allocation = new PortAllocation<number>(PORTS, "Enabled", () => index);
      assert.equal(allocation.freePort("a"), PORTS[index]);
    }
  });

  test("each free port has the same probability, regardless of the number of reserved ports", () => {
    const ports = Array.from({ length: 10 }, (_, index) => 50_000 + index);
    for (const taken of [0, 5, 8]) {
      const allocation = new PortAllocation<number>(ports, "Enabled", (below) =>
        Math.floor(Math.random() * below),
      );
      for (const port of ports.slice(0, taken)) allocation.add(port, "a", port);
      const drawn = new Map<number, number>();
      for (let draw = 0; draw < 20_000; draw++) {
        const port = allocation.freePort("a") ?? 0;
        drawn.set(port, (drawn.get(port) ?? 0) + 1);
      }
      const expected = 20_000 / (ports.length - taken);
      assert.deepEqual(new Set(drawn.keys()), new Set(ports.slice(taken)));
      // The tolerance is ten times the standard deviation.
      for (const count of drawn.values()) assert.ok(Math.abs(count - expected) < 10 * Math.sqrt(expected));
    }
  });

  test("a range of one port can be reserved", () => {
    const allocation = new PortAllocation<number>([50_000], "Enabled", () => 0);
    assert.equal(allocation.freePort("a"), 50_000);
  });

  test("a port outside the range cannot be reserved", () => {
    const allocation = new PortAllocation<number>(PORTS, "Enabled", () => 0);
    assert.throws(() => allocation.add(60_000, "a", 1));
  });

  test("a port is shared only when every holder can be shared, and sharing is enabled", () => {
    const allocation = new PortAllocation<number>(PORTS.slice(0, 2), "Enabled", () => 0);
    assert.equal(
      allocation.portToShare("a", () => true),
      undefined,
      "nothing to join",
    );
    allocation.add(50_000, "a", 1);
    allocation.add(50_000, "a", 2);
    allocation.add(50_001, "a", 3);
    assert.equal(allocation.freePort("a"), undefined);
    assert.equal(
      allocation.portToShare("a", (holder) => holder > 1),
      50_001,
    );
    assert.equal(
      allocation.portToShare("a", (holder) => holder < 1),
      undefined,
    );
    assert.equal(
      allocation.portToShare("b", () => true),
      undefined,
      "another client's",
    );
    allocation.remove(50_000, "a", 1);
    assert.deepEqual([allocation.holders(50_000, "a"), allocation.size], [[2], 2]);
    allocation.sharing = "Disabled";
    assert.equal(
      allocation.portToShare("a", () => true),
      undefined,
    );
  });
});
