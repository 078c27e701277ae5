/** Checks the worked examples in the header comment of src/plan/slots/rollout.ts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { PortRange } from "../../../src/api/engine-config.ts";
import type { DesiredSlot, ObservedSlot, RolloutStrategy } from "../../../src/plan/model/decision.ts";
import { planSlots } from "../../../src/plan/slots/rollout.ts";

const SOURCE = join(import.meta.dirname, "../../../src/plan/slots/rollout.ts");
const HEADING = /^(Surge|InPlace), (\d) replicas?: /;
const SLOT = /^([a-z]) (\d+-\d+)$/;
const CELL = /^(?:free|(v\d)(?: (\d+-\d+))? (ready|starting|draining|empty)): ([A-Z]\w+)$/;

interface Example {
  title: string;
  strategy: RolloutStrategy;
  replicas: number;
  rows: string[][];
}

function examples(): Example[] {
  const [comment = ""] = readFileSync(SOURCE, "utf8").split("*/");
  const found: Example[] = [];
  for (const line of comment.split("\n").map((text) => text.replace(/^ \* ?/, ""))) {
    const [, strategy, replicas] = HEADING.exec(line) ?? [];
    if (strategy === "Surge" || strategy === "InPlace")
      found.push({ title: line, strategy, replicas: Number(replicas), rows: [] });
    const cells = line.split("|").map((cell) => cell.trim());
    if (cells.length > 2 && !/^-+$/.test(cells[1] ?? "")) found.at(-1)?.rows.push(cells.slice(1, -1));
  }
  return found;
}

function rangeOf(text: string): PortRange {
  const [first = 0, last = 0] = text.split("-").map(Number);
  return { first, last };
}

function observedSlot({ name, ports }: DesiredSlot, cell: string): { slot: ObservedSlot; action: string } {
  const match = CELL.exec(cell);
  assert.ok(match, `"${cell}" is not a state with an action`);
  const [, version, range, state, action = ""] = match;
  if (version === undefined) return { slot: { name }, action };
  const owned = { templateHash: version, ports: range === undefined ? ports : rangeOf(range) };
  const replicas = state === "draining" || state === "empty" ? 0 : 1;
  const statefulSet = { ...owned, replicas, terminating: false };
  if (state === "empty") return { slot: { name, statefulSet }, action };
  const ready = state === "ready";
  const pod = { ...owned, terminating: state === "draining", ready, started: ready };
  return { slot: { name, statefulSet, pod }, action };
}

for (const { title, strategy, replicas, rows } of examples())
  test(`planSlots takes the actions of the example "${title}"`, () => {
    const [header = [], desired = [], ...steps] = rows;
    const slots = header.slice(1).map((text, index): DesiredSlot => {
      const [, name = "", ports = ""] = SLOT.exec(text) ?? [];
      return { name, ports: rangeOf(ports), templateHash: desired[index + 1] ?? "" };
    });
    assert.ok(steps.length > 2);
    for (const [step = "", ...cells] of steps) {
      const expected = slots.map((slot, index) => observedSlot(slot, cells[index] ?? ""));
      const observed = expected.map(({ slot }) => slot).filter((slot) => slot.statefulSet !== undefined);
      const plans = planSlots({ replicas, slots, strategy }, observed);
      assert.deepEqual(
        plans.map(({ name, action }) => `${name} ${action}`),
        expected.map(({ slot, action }) => `${slot.name} ${action}`),
        `step ${step}`,
      );
    }
  });

test("the head comment of rollout.ts has four examples", () => {
  assert.equal(examples().length, 4);
});
