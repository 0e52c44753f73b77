// The licences of what is in the bundles, and of nothing else.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// licences returns one text with each bundled package's name, version, licence
// and the licence and notice files that it ships. A package that ships none
// is named with the licence and the copyright holder of its package.json.
export function licences(metafiles) {
  const folders = new Set();
  for (const { inputs, outputs } of metafiles) {
    const bundled = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
    for (const input of [...bundled, ...Object.keys(inputs).filter((name) => name.endsWith('.ttf'))]) {
      const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (folder) folders.add(folder[1]);
    }
  }
  const packages = new Map();
  for (const folder of folders) {
    const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    packages.set(`${about.name} ${about.version}`, { about, folder });
  }

  const parts = ['The playground is built from these packages. Each keeps its own licence.\n'];
  for (const title of [...packages.keys()].sort()) {
    const { about, folder } = packages.get(title);
    if (typeof about.license !== 'string') throw new Error(`${title} names no licence`);
    const texts = readdirSync(folder)
      .filter((name) => /^(licen[cs]e|copying|notice|third-?party-?notices)/i.test(name))
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8').replace(/\r\n/g, '\n').trim());
    if (texts.length === 0) texts.push(stated(title, about));
    parts.push(`${title}\n${about.license}\n\n${texts.join('\n\n')}\n`);
  }
  return parts.join(`\n${'-'.repeat(78)}\n\n`);
}

// stated stands in for the file that a package left out.
function stated(title, about) {
  const template = fileURLToPath(new URL(`licences/${about.license}.txt`, import.meta.url));
  if (!existsSync(template)) throw new Error(`${title} ships no licence file, and there is no ${template}`);
  const person = about.author ?? about.contributors?.[0] ?? about.maintainers?.[0];
  const holder = typeof person === 'string' ? person : person?.name;
  return `(stated in package.json; the package ships no licence file)\n\n` +
    readFileSync(template, 'utf8').replace('{{holder}}', holder ?? `the authors of ${about.name}`).trim();
}
