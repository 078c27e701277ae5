/**
 * `<mermaid-diagram>`: draws the Mermaid source that it contains. The drawing is in a shadow root, where Vue does not
 * look, so the page stays the one that was built. Without JavaScript the reader sees the source.
 */
import library from "@mermaid-js/tiny/dist/mermaid.tiny.js?url";

let loading: Promise<void> | undefined;
let drawings = 0;

/** Loads the library once, on the first page with a diagram. */
function load(): Promise<void> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = library;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error(`cannot load ${library}`)));
    document.head.append(script);
  });
  return loading;
}

class MermaidDiagram extends HTMLElement {
  #theme = new MutationObserver(() => void this.#draw());
  #drawn = "";

  connectedCallback() {
    void this.#draw();
    this.#theme.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  }

  disconnectedCallback() {
    this.#theme.disconnect();
  }

  async #draw() {
    const theme = document.documentElement.classList.contains("dark") ? "dark" : "default";
    if (theme === this.#drawn) return;
    this.#drawn = theme;
    await load();
    const { mermaid } = globalThis as any;
    const fontFamily = getComputedStyle(document.body).fontFamily;
    mermaid.initialize({ startOnLoad: false, theme, fontFamily, flowchart: { htmlLabels: false } });
    const { svg } = await mermaid.render(`diagram-${(drawings += 1)}`, this.textContent);
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.innerHTML = svg;
  }
}

customElements.define("mermaid-diagram", MermaidDiagram);
