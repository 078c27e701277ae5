import { world, type World } from "./world.ts";

/** A server whose file is read only when the test lets it. */
export interface SlowWorld extends World {
  /** How many files are open for reading. */
  open: () => number;
  proceed: () => void;
}

/** A server with a file `/f` that holds "hello". */
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
