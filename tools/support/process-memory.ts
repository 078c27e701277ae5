/** Measures the memory of another process. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";

/**
 * Returns the current and the peak resident memory of a process in bytes. `anonymous` is the part that the kernel cannot
 * free when memory runs out.
 */
export async function residentMemory(
  pid: number | undefined,
): Promise<{ resident: number; anonymous: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "mu").exec(status)?.[1]) * 1024;
  return { resident: field("VmRSS"), anonymous: field("RssAnon"), peak: field("VmHWM") };
}

/**
 * Returns the used bytes of the JavaScript heap after a full garbage collection.
 * @param port port in the option `--inspect` of the process
 */
export async function heapAfterCollection(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/json/list`, { headers: { connection: "close" } });
  const [target]: { webSocketDebuggerUrl: string }[] = JSON.parse(await response.text());
  if (target === undefined) throw new Error("the process has no inspector");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, "open");
  try {
    // The second garbage collection frees objects that finalizers released after the first collection.
    await call(socket, 1, "HeapProfiler.collectGarbage");
    await call(socket, 2, "HeapProfiler.collectGarbage");
    const { usedSize } = await call(socket, 3, "Runtime.getHeapUsage");
    return Number(usedSize);
  } finally {
    socket.close();
    await once(socket, "close");
  }
}

async function call(socket: WebSocket, id: number, method: string): Promise<Record<string, unknown>> {
  socket.send(JSON.stringify({ id, method }));
  for (;;) {
    const [event] = await once(socket, "message");
    const message = JSON.parse(String(event.data));
    if (message.id === id) return message.result;
  }
}
