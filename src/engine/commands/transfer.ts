// Transfer commands: RFC 959 section 4.1.3.
import { randomBytes } from "node:crypto";
import { reply, type Reply } from "../protocol/reply.ts";
import { WHOLE_FILE } from "../protocol/byte-range.ts";
import { encodingOf } from "../session/transfer-parameters.ts";
import { isPlain } from "../transfer/encoding.ts";
import { offsetBeyondEnd, EngineError } from "../errors.ts";
import type { UploadMode } from "../storage/storage.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { CommandFamily, Handler } from "./command.ts";
import { locate, locateTarget } from "./locate.ts";
import { explainAbsence } from "./incomplete.ts";
import { download, meansFor, upload } from "./transfer-jobs.ts";

/** Number of random bytes in a name that STOU generates. */
const UNIQUE_BYTES = 8;

/** Reply to a transfer command that does not follow PASV, EPSV, PORT or EPRT. */
export const NO_DATA_CONNECTION = reply(425, "Use EPSV or PASV first.");

async function retrieve(context: CommandContext, argument: string): Promise<CommandResult> {
  const { user, transfer } = context;
  const path = await locate(user, argument);
  const range = transfer.pending.used.range ?? WHOLE_FILE;
  const encoding = encodingOf(transfer.parameters);
  const { ascii } = encoding;
  if (ascii && (range.start > 0 || range.end < WHOLE_FILE.end))
    return reply(554, "REST and RANG require TYPE I.");
  const handle = await user.storage
    .openRead(path, range.start)
    .catch((error: unknown) => explainAbsence(user, path, error));
  const { size } = handle.entry;
  if (range.start > size) {
    await handle.close();
    throw offsetBeyondEnd(size);
  }
  const bytes = ascii ? "" : ` (${Math.min(range.end, size) - range.start} bytes)`;
  const job = download(path, handle, range, encoding, meansFor(context, user, "Download"));
  return await context.transfer.start(
    job,
    `Opening ${ascii ? "ASCII" : "BINARY"} mode data connection${bytes}.`,
  );
}

/** @param mode how the upload handles an existing file */
async function store(
  context: CommandContext,
  path: string,
  mode: UploadMode,
  announcement = "Ok to send data.",
): Promise<CommandResult> {
  const { user, transfer } = context;
  const encoding = encodingOf(transfer.parameters);
  if (encoding.ascii && "offset" in mode) return reply(554, "REST requires TYPE I.");
  const handle = await user.storage.openUpload(path, mode, transfer.parameters.umask);
  const isWhole = isPlain(encoding) && (mode.type === "Replace" || mode.type === "Create");
  const permission = mode.type === "Append" || mode.type === "ResumePartial" ? "Append" : "Write";
  const storedSize = async (): Promise<number> => (await user.storage.stat(path, permission)).size;
  const fileSize = (transferred: number): number | Promise<number> => (isWhole ? transferred : storedSize());
  const job = upload(path, handle, encoding, meansFor(context, user, "Upload"));
  return await transfer.start({ ...job, fileSize }, announcement);
}

const storeFile: Handler = async (context, argument) => {
  const { user, transfer } = context;
  const { range } = transfer.pending.used;
  // The engine would have to discard data beyond the end of the range.
  if (range !== undefined && range.end < WHOLE_FILE.end) return reply(554, "RANG is not supported for STOR.");
  // An upload with a range continues an existing file. The argument can therefore be the name that listings show for
  // this file.
  const path = await (range === undefined ? locateTarget : locate)(user, argument);
  transfer.pending.takeResumable(path);
  return await store(
    context,
    path,
    range === undefined ? { type: "Replace" } : { type: "Resume", offset: range.start },
  );
};

/**
 * Handles STOU (RFC 959 section 4.1.3). An optional argument, which the RFC does not define, is the prefix of the
 * generated name. After a broken upload, the engine keeps no incomplete upload, because the client's next attempt
 * receives a different name.
 */
const storeUnique: Handler = async (context, argument) => {
  if (context.transfer.pending.used.range !== undefined)
    return reply(554, "REST and RANG are not supported for STOU.");
  const beginning = argument === "" || argument.endsWith("/") ? `${argument}stou` : argument;
  const name = `${beginning}.${randomBytes(UNIQUE_BYTES).toString("hex")}`;
  const path = await locateTarget(context.user, name);
  // Clients parse the name from this reply format (RFC 1123 section 4.1.2.9).
  return await store(context, path, { type: "Create" }, `FILE: ${name}`);
};

/** Appends to a file, or resumes the incomplete upload whose size the last SIZE reply contained. */
const appendFile: Handler = async (context, argument) => {
  const { user, transfer } = context;
  if (transfer.pending.used.range !== undefined)
    return reply(554, "REST and RANG are not supported for APPE.");
  const path = await locate(user, argument);
  const offset = transfer.pending.takeResumable(path);
  return await store(
    context,
    path,
    offset === undefined ? { type: "Append" } : { type: "ResumePartial", offset },
  );
};

/** Returns a handler that runs only when a data connection is available. */
function overData(run: Handler): Handler {
  return (context, argument) =>
    context.transfer.source === undefined ? NO_DATA_CONNECTION : run(context, argument);
}

/** Handles ABOR. The reply to the transfer command is 426, and the reply to ABOR is 226 (RFC 959 section 4.1.3). */
async function abort(context: CommandContext): Promise<Reply> {
  const { state } = context.session;
  if (state.type === "Transferring") {
    state.transfer.abort(new EngineError("Aborted", "Transfer aborted"));
    await state.transfer.outcome;
    return reply(226, "ABOR successful.");
  }
  if (state.type === "RunningJob") {
    state.job.abort(new EngineError("Aborted", "Aborted"));
    await state.job.outcome;
    return reply(226, "ABOR successful.");
  }
  context.transfer.prepare(undefined);
  return reply(226, "No transfer to ABOR.");
}

export const transferCommands: CommandFamily = [
  {
    verb: "RETR",
    argument: "Required",
    login: "Needed",
    permission: "Read",
    tls: "Data",
    uses: "range",
    syntax: "RETR <file>",
    specification: "RFC 959",
    run: overData(retrieve),
  },
  {
    verb: "STOR",
    argument: "Required",
    login: "Needed",
    permission: "Write",
    tls: "Data",
    uses: "range",
    syntax: "STOR <file>",
    specification: "RFC 959",
    run: overData(storeFile),
  },
  {
    verb: "STOU",
    argument: "Optional",
    login: "Needed",
    permission: "Write",
    tls: "Data",
    uses: "range",
    syntax: "STOU [<beginning of the name>]",
    specification: "RFC 959",
    run: overData(storeUnique),
  },
  {
    verb: "APPE",
    argument: "Required",
    login: "Needed",
    permission: "Append",
    tls: "Data",
    uses: "range",
    syntax: "APPE <file>",
    specification: "RFC 959",
    run: overData(appendFile),
  },
  {
    verb: "ABOR",
    argument: "None",
    login: "Needed",
    duringTransfer: true,
    syntax: "ABOR",
    specification: "RFC 959",
    run: abort,
  },
];
