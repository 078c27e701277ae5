/** Builds the event receiver, a Go program that uses the official SDKs of CloudEvents and Standard Webhooks. */
import { join } from "node:path";
import type { Part } from "../programs.ts";
import { buildModule, type GoModule, moduleFolder } from "../standalone-module.ts";

const RECEIVER: GoModule = {
  name: "receiver",
  folder: join(import.meta.dirname, "receiver"),
  packages: ["."],
};

/** Builds the event receiver if `part` is `e2e`, because no other part requires the receiver. */
export async function buildEventReceiver(part: Part): Promise<void> {
  if (part === "e2e") await buildModule(RECEIVER);
}

/** Returns the path of the event receiver's executable. Builds the event receiver if it is missing. */
export async function eventReceiverProgram(): Promise<string> {
  await buildModule(RECEIVER);
  return join(moduleFolder(RECEIVER), "receiver");
}
