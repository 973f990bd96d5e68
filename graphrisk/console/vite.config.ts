import { defineConfig } from "vite";

// The same sources and lock give the same bytes: a test builds anew and compares with dist/.
export default defineConfig({
  base: "/console/",
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the content policy allows no data: but for pictures
    modulePreload: { polyfill: false },
    license: { fileName: "licences.txt" },
    chunkSizeWarningLimit: 900,
  },
});
