/** Tests APPE after commands whose state affects it: SIZE of an incomplete upload, REST and RANG. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { KEPT, opens, overData, scene } from "../../support/engine/upload-scene.ts";

describe("APPE", () => {
  test("after REST or RANG fails once, and keeps the result of SIZE", async () => {
    for (const line of ["REST 4", "RANG 1 3"]) {
      const at = await scene();
      await using _ = at.server;
      for (const before of ["SIZE /p", line]) await at.client.command(before);
      assert.equal(await overData(at, "APPE /p"), "554 REST and RANG are not supported for APPE.");
      await opens(at, "APPE /p", { type: "ResumePartial", offset: KEPT });
    }
  });

  test("of another path keeps the result of SIZE", async () => {
    const at = await scene();
    await using _ = at.server;
    await at.client.command("SIZE /p");
    await opens(at, "APPE /f", { type: "Append" });
    await opens(at, "APPE ./d/../p", { type: "ResumePartial", offset: KEPT });
  });

  test("resumes from the size that SIZE returned, even when the stored size has changed", async () => {
    const at = await scene();
    await using _ = at.server;
    await at.client.command("SIZE /p");
    at.server.memory.resumable = async () => ({ ...(await at.server.memory.stat("/f")), size: KEPT + 1 });
    // The storage rejects the offset, because no incomplete upload has this size.
    await opens(at, "APPE /p", { type: "ResumePartial", offset: KEPT });
  });

  test("of an incomplete upload fails without SIZE", async () => {
    const at = await scene();
    await using _ = at.server;
    assert.equal(await overData(at, "APPE /p"), "550 File exists.");
    assert.equal(at.lastMode(), undefined);
  });

  test("appends to the file after the incomplete upload was replaced or removed", async () => {
    for (const line of ["STOR /p", "DELE /p", "RNTO /p"]) {
      const at = await scene();
      await using _ = at.server;
      await at.client.command("SIZE /p");
      at.server.memory.put("/p", "complete");
      await at.client.command("RNFR /f");
      await overData(at, line);
      at.server.memory.put("/p", "complete");
      await opens(at, "APPE /p", { type: "Append" });
    }
  });

  test("without a data connection keeps the result of SIZE", async () => {
    const at = await scene();
    await using _ = at.server;
    await at.client.command("SIZE /p");
    assert.equal(await at.client.code("APPE /p"), 425);
    await opens(at, "APPE /p", { type: "ResumePartial", offset: KEPT });
  });
});
