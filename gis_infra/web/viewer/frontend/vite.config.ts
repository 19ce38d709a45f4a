// How the map is built: into ../static/built, under names that hold a hash, each with its compressed twins beside it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

// Another folder is for a look at the map that is not to be served yet.
const OUT = process.env["GIS_INFRA_BUILT"] ?? "../static/built";

/** Writes `name.br` and `name.gz` beside every script and style sheet, so that the server never compresses. */
function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync(OUT).filter((each) => /\.(js|css)$/.test(each))) {
        const content = readFileSync(join(OUT, name));
        writeFileSync(join(OUT, `${name}.gz`), gzipSync(content, { level: 9 }));
        writeFileSync(
          join(OUT, `${name}.br`),
          brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        );
      }
    },
  };
}

export default defineConfig({
  // Addresses are relative to the file that names them, so the map runs under any prefix.
  base: "./",
  plugins: [compress()],
  // The build of MapLibre that makes no worker out of a blob, which the content security policy forbids; a fifth smaller.
  resolve: { alias: [{ find: /^maplibre-gl$/, replacement: "maplibre-gl/dist/maplibre-gl-csp.js" }] },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsDir: "",
    manifest: "manifest.json",
    // A file of its own even when small: the content security policy allows no data: style or script.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["src/main.ts", "src/pages.ts"] },
  },
  test: { include: ["tests/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
