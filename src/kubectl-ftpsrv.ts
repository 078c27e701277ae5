#!/usr/bin/env node
import { run } from "./cli/run.ts";
import { createPlugin } from "./cli/kubectl-ftpsrv.ts";

await run(createPlugin());
