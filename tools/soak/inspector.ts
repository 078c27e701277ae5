/** Node's inspector, as far as it takes to weigh a heap. The engine itself knows nothing of it. */
import { once } from "node:events";

/**
 * Bytes in use on the JavaScript heap after a full collection.
 * @param port where the process was told to `--inspect`
 */
export async function heapAfterCollection(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`, { headers: { connection: "close" } });
  const [target]: { webSocketDebuggerUrl: string }[] = JSON.parse(await answer.text());
  if (target === undefined) throw new Error("the engine has no inspector");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, "open");
  try {
    // What finalizers let go of in the first is collected in the second.
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
