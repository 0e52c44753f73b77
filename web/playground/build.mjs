// Bundles the playground into ../dist. The bytes depend on the sources and
// package-lock.json alone: no clock, no paths, names carry a content hash.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licences } from './licences.mjs';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const out = join('..', 'dist');

const common = {
  bundle: true,
  write: false,
  metafile: true,
  minify: true,
  charset: 'utf8',
  target: 'es2022',
  legalComments: 'none', // LICENSES.txt carries them whole
  outdir: out,
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file', '.graphql': 'text' },
  jsx: 'automatic',
  logLevel: 'warning',
};

// Workers are files of their own, so that the page needs no blob: or eval.
const bundles = await Promise.all([
  build({ ...common, format: 'iife', entryPoints: { playground: 'src/main.jsx' } }),
  build({
    ...common,
    format: 'iife',
    entryPoints: {
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
    },
  }),
]);

const files = new Map();
for (const { outputFiles } of bundles) {
  for (const file of outputFiles) files.set(basename(file.path), file.contents);
}
const icon = readFileSync('src/icon.svg');
const iconHash = createHash('sha256').update(icon).digest('hex').slice(0, 8).toUpperCase();
files.set(`icon-${iconHash}.svg`, icon);

const named = (prefix, extension) => {
  const found = [...files.keys()].filter((name) => name.startsWith(`${prefix}-`) && extname(name) === extension);
  if (found.length !== 1) throw new Error(`${prefix}*${extension}: ${found.length} files, want 1`);
  return found[0];
};
const slots = {
  icon: named('icon', '.svg'),
  style: named('playground', '.css'),
  script: named('playground', '.js'),
  graphqlWorker: named('graphql.worker', '.js'),
  jsonWorker: named('json.worker', '.js'),
  editorWorker: named('editor.worker', '.js'),
};
const page = readFileSync('src/index.html', 'utf8').replace(/\{\{(\w+)\}\}/g, (_, slot) => {
  if (!(slot in slots)) throw new Error(`index.html: no file for ${slot}`);
  return slots[slot];
});
files.set('index.html', page);
files.set('LICENSES.txt', licences(bundles.map(({ metafile }) => metafile)));

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
let total = 0;
for (const [name, contents] of files) {
  writeFileSync(join(out, name), contents);
  total += Buffer.byteLength(contents);
}
console.log(`${files.size} files, ${(total / 1024 / 1024).toFixed(1)} MiB`);
