import { world, type World } from "./world.ts";

/** An engine in which file reads wait until the test calls `proceed`. */
export interface SlowWorld extends World {
  /** Returns the number of files that are open for reading. */
  open: () => number;
  proceed: () => void;
}

/** Starts an engine with a file `/f` that contains `hello`. */
export function slow(): SlowWorld {
  const server = world();
  server.memory.put("/f", "hello");
  const gate = Promise.withResolvers<void>();
  let open = 0;
  const openRead = server.memory.openRead.bind(server.memory);
  server.memory.openRead = async (path) => {
    const handle = await openRead(path);
    open += 1;
    return {
      ...handle,
      read: async (...args) => {
        await gate.promise;
        return handle.read(...args);
      },
      close: async () => void (open -= 1),
    };
  };
  return { ...server, open: () => open, proceed: gate.resolve };
}
