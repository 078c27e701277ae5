/** The event receiver: a Go program with the official SDKs of CloudEvents and Standard Webhooks. */
import { join } from "node:path";
import type { Part } from "../programs.ts";
import { buildModule, type GoModule, moduleFolder } from "../standalone-module.ts";

const RECEIVER: GoModule = {
  name: "receiver",
  folder: join(import.meta.dirname, "receiver"),
  packages: ["."],
};

/** Builds the event receiver if a part requires the receiver: only `make e2e`. */
export async function buildEventReceiver(part: Part): Promise<void> {
  if (part === "e2e") await buildModule(RECEIVER);
}

/** Returns the path of the executable. Builds the event receiver if it is missing. */
export async function eventReceiverProgram(): Promise<string> {
  await buildModule(RECEIVER);
  return join(moduleFolder(RECEIVER), "receiver");
}
