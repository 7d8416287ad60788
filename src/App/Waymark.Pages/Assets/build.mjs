// Copies htmx (with its extension for a strict content security policy) and bundles each island to one small file.
import { build } from 'esbuild';
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';

const out = '../wwwroot/lib';
const budget = 40 * 1024; // compressed bytes per island
await mkdir(out, { recursive: true });
await copyFile('node_modules/htmx.org/dist/htmx.min.js', `${out}/htmx.min.js`);
await copyFile('node_modules/htmx.org/dist/ext/hx-csp.min.js', `${out}/hx-csp.min.js`);

const islands = (await readdir('islands')).filter(name => name.endsWith('.ts'));
await build({
  entryPoints: islands.map(name => `islands/${name}`),
  outdir: out, bundle: true, minify: true, format: 'esm', target: ['es2020'], logLevel: 'warning',
});
for (const name of islands) {
  const file = `${out}/${name.replace(/\.ts$/, '.js')}`;
  const size = gzipSync(readFileSync(file)).length;
  if (size > budget) throw new Error(`${file}: ${size} bytes compressed, the budget is ${budget}`);
  await stat(file);
}
