// SITE CPFR and SITE CPTO, as in ProFTPD: copy a file within the home directory.
import { toEngineError } from "../errors.ts";
import { reply, type Reply } from "../protocol/reply.ts";
import type { ReadHandle, Upload } from "../storage/storage.ts";
import { jobChunks, type JobControl } from "../session/background-job.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { Command } from "./command.ts";
import { recordFile } from "./files.ts";
import { locate, locateTarget } from "./locate.ts";
import { explainAbsence } from "./incomplete.ts";
import { notAllowed } from "./policy.ts";

/** Bytes per read and write. */
const COPY_BUFFER = 256 * 1024;

async function copyFrom(context: CommandContext, argument: string): Promise<Reply> {
  const { user } = context;
  const from = await locate(user, argument);
  const { type } = await user.storage
    .stat(from, "Read")
    .catch((error: unknown) => explainAbsence(user, from, error));
  if (type === "Directory") return reply(550, "Is a directory. Only files can be copied.");
  context.transfer.pending.set({ copy: from });
  return reply(350, "File exists, ready for destination name.");
}

/**
 * Copies a file as an upload. The target becomes visible when the copy is complete. The quota and the session's umask
 * apply.
 */
async function copyTo(context: CommandContext, argument: string): Promise<CommandResult> {
  const { user, engine, transfer } = context;
  const { copy: from } = transfer.pending.used;
  if (from === undefined) return reply(503, "SITE CPFR required first.");
  const rejection = notAllowed(user, "Read");
  if (rejection !== undefined) return rejection;
  const to = await locateTarget(user, argument);
  return transfer.runInBackground(engine.copies, "File copy in progress", async (job) => {
    const source = await user.storage.openRead(from, 0);
    try {
      const target = await user.storage.openUpload(to, { type: "Replace" }, transfer.parameters.umask);
      await copy(source, target, job);
      await recordFile(context, "FileUploaded", to, { size: source.entry.size, checksum: target.checksum });
    } finally {
      await source.close();
    }
    return reply(250, "Copy successful.");
  });
}

/**
 * Copies the bytes that the file had when it was opened, so that copying a growing file terminates. Commits or aborts
 * the upload.
 * @throws EngineError Aborted when the job is aborted, or when the file has become shorter
 */
async function copy(source: ReadHandle, target: Upload, job: JobControl): Promise<void> {
  const { signal } = job;
  signal.addEventListener("abort", () => target.interrupt?.(toEngineError(signal.reason)), { once: true });
  try {
    const all = { start: 0, end: source.entry.size };
    for await (const chunk of jobChunks(source, all, COPY_BUFFER, job)) await target.write([chunk]);
  } catch (error) {
    await target.abort("Removed");
    throw error;
  }
  await target.commit();
}

export const CPFR: Command = {
  verb: "CPFR",
  argument: "Required",
  login: "Needed",
  permission: "Read",
  prepares: "copy",
  syntax: "SITE CPFR <file>",
  specification: "none",
  run: copyFrom,
};

export const CPTO: Command = {
  verb: "CPTO",
  argument: "Required",
  login: "Needed",
  permission: "Write",
  uses: "copy",
  syntax: "SITE CPTO <file>",
  specification: "none",
  run: copyTo,
};
