/** The default theme with the fonts of the reader's system, so that pages load nothing from other hosts, and with diagrams. */
import DefaultTheme from "vitepress/theme-without-fonts";
import "./style.css";

export default {
  extends: DefaultTheme,
  async enhanceApp() {
    if (!import.meta.env.SSR) await import("./mermaid-diagram.ts");
  },
};
