/**
 * Takes screenshots of the built site at desktop and phone width, so that a reviewer can check theme changes. Usage:
 * `node tools/docs/screenshots.ts FOLDER index how-to/install`. Needs Chromium. Reports requests to other hosts and
 * pages that are wider than the window.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { serve } from "vitepress";

const ROOT = join(import.meta.dirname, "../..");
const SIZES = { desktop: [1280, 900], phone: [390, 844] } as const;
/** Maximum number of waits of 500 ms until a page has loaded and has drawn its diagrams. */
const MOST_WAITS = 40;
const IS_DRAWN =
  "document.readyState === 'complete' && [...document.querySelectorAll('mermaid-diagram')].every(({ shadowRoot }) => shadowRoot)";
const PORT = 4173;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dark: { type: "boolean" }, full: { type: "boolean" } },
});
const [folder = join(ROOT, "build/screenshots"), ...pages] = positionals;

/** Members of DevTools protocol responses and events that this program uses. */
interface Message {
  id?: number;
  method?: string;
  params?: { request?: { url: string } };
  result?: { targetId?: string; sessionId?: string; data?: string; result?: { value?: number | boolean } };
}

/** A browser tab that receives DevTools protocol commands. */
class Tab {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: Message["result"]) => void>();
  #session: string | undefined;
  #last = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id = 0, result, params }: Message = JSON.parse(String(data));
      this.#waiting.get(id)?.(result);
      const url = params?.request?.url ?? "data:";
      if (!/^data:|^http:\/\/localhost:/.test(url)) process.stdout.write(`request to ${url}\n`);
    });
  }

  async open(): Promise<void> {
    const target = await this.send("Target.createTarget", { url: "about:blank" });
    const attached = await this.send("Target.attachToTarget", { targetId: target?.targetId, flatten: true });
    this.#session = attached?.sessionId;
    await this.send("Network.enable");
  }

  send(method: string, params: object = {}): Promise<Message["result"]> {
    const id = (this.#last += 1);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId: this.#session }));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }
}

async function takePictures(tab: Tab, page: string): Promise<void> {
  const [path, anchor] = page.split("#");
  for (const [name, [width, height]] of Object.entries(SIZES)) {
    const size = { width, height, deviceScaleFactor: 1, mobile: name === "phone" };
    await tab.send("Emulation.setDeviceMetricsOverride", size);
    await tab.send("Page.navigate", {
      url: `http://localhost:${PORT}/${path}.html${anchor ? `#${anchor}` : ""}`,
    });
    for (let waits = 0; waits < MOST_WAITS; waits++) {
      await delay(500);
      if ((await tab.send("Runtime.evaluate", { expression: IS_DRAWN }))?.result?.value === true) break;
    }
    const expression = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    const excess = Number((await tab.send("Runtime.evaluate", { expression }))?.result?.value);
    if (excess > 0) process.stdout.write(`${page} is ${excess} px wider than ${width} px\n`);
    const picture = await tab.send("Page.captureScreenshot", { captureBeyondViewport: values.full === true });
    const file = join(folder, `${page.replaceAll(/[/#]/g, "-")}-${name}.png`);
    writeFileSync(file, Buffer.from(picture?.data ?? "", "base64"));
  }
}

await serve({ root: join(ROOT, "docs"), port: PORT });
const profile = mkdtempSync(join(tmpdir(), "docs-chromium-"));
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"];
const browser = spawn("chromium", [...flags, `--user-data-dir=${profile}`], {
  stdio: ["ignore", "ignore", "pipe"],
});
let output = "";
for await (const chunk of browser.stderr) {
  output += String(chunk);
  if (output.includes("/devtools/browser/")) break;
}
const socket = new WebSocket(/ws:\S+/.exec(output)?.[0] ?? "");
await once(socket, "open");
const tab = new Tab(socket);
try {
  await tab.open();
  const features = [{ name: "prefers-color-scheme", value: values.dark ? "dark" : "light" }];
  await tab.send("Emulation.setEmulatedMedia", { features });
  mkdirSync(folder, { recursive: true });
  for (const page of pages) await takePictures(tab, page);
} finally {
  const ended = once(browser, "exit");
  browser.kill();
  await ended;
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
process.exit();
