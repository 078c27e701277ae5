/**
 * Preload module: appends the URL of each loaded module to the file in the environment variable LOADED_MODULES. Each line
 * begins with `main` or `thread`.
 */
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { isMainThread } from "node:worker_threads";

const file = process.env["LOADED_MODULES"] ?? "";

registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(file, `${isMainThread ? "main" : "thread"} ${url}\n`);
    return nextLoad(url, context);
  },
});
