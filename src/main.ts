#!/usr/bin/env node
import { createProgram } from "./cli/ftp-operator.ts";
import { run } from "./cli/run.ts";

await run(await createProgram(process.argv[2]));
