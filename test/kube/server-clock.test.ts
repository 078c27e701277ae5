import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ServerClock } from "../../src/kube/http.ts";

const HOUR_MILLISECONDS = 3_600_000;
const dateIn = (milliseconds: number): string => new Date(Date.now() + milliseconds).toUTCString();

function assertAhead(clock: ServerClock, milliseconds: number): void {
  const off = clock.now().getTime() - Date.now() - milliseconds;
  assert.ok(Math.abs(off) < 2000, `${off} ms off`);
}

describe("the server's clock", () => {
  it("is ours until it is heard, and where both agree to half a minute", () => {
    const clock = new ServerClock();
    assertAhead(clock, 0);
    clock.update(dateIn(20_000));
    assertAhead(clock, 0);
    assert.equal(clock.errorSeconds, 0);
  });

  for (const hours of [1, -1]) {
    it(`is followed when it is ${hours} h ahead of ours, and back`, () => {
      const clock = new ServerClock();
      clock.update(dateIn(hours * HOUR_MILLISECONDS));
      assertAhead(clock, hours * HOUR_MILLISECONDS);
      assert.ok(Math.abs(clock.errorSeconds + hours * 3600) <= 2, String(clock.errorSeconds));
      clock.update(dateIn(0));
      assertAhead(clock, 0);
    });
  }

  it("stays as it was when an answer has no date", () => {
    const clock = new ServerClock();
    clock.update(dateIn(HOUR_MILLISECONDS));
    for (const nothing of [undefined, "", "yesterday"]) clock.update(nothing);
    assertAhead(clock, HOUR_MILLISECONDS);
  });
});
