/** Longest line of a watch: an object may have 1.5 MiB in etcd, and JSON escapes make it longer. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/**
 * The lines of a byte stream, wherever it is cut. A last line without an end is dropped: the connection broke in it.
 * @throws RangeError when a line is longer than 16 Mi characters
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    const last = lines.pop() ?? "";
    for (const [index, line] of lines.entries()) {
      const whole = index === 0 ? rest + line : line;
      if (whole !== "") yield whole;
    }
    rest = lines.length === 0 ? rest + last : last;
    if (rest.length > MAX_LINE_LENGTH)
      throw new RangeError(`a line is longer than ${MAX_LINE_LENGTH} characters`);
  }
}
