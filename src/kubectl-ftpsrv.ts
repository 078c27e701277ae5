#!/usr/bin/env node
import { run } from "./cli/run.ts";
import { createPlugin } from "./kubectl/program.ts";

await run(createPlugin());
