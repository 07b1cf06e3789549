import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Every page of the documentation, by its path in the repository. */
export async function findPages(): Promise<readonly string[]> {
  const inFolder = async (folder: string) =>
    (await readdir(folder)).filter((file) => file.endsWith('.md')).map((file) => join(folder, file));
  return [
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'infra/README.md',
    ...(await inFolder('docs')),
    ...(await inFolder('docs/decisions')),
  ];
}

/** The JSON examples of one kind: code blocks that begin with "json" and the kind. */
export const examplesOf = (page: string, kind: string) =>
  [...page.matchAll(new RegExp(`\`\`\`json ${kind}\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);

/** The JSON objects that the page's gcloud commands publish. */
export const publishedBy = (page: string) =>
  [...page.matchAll(/--message(?:-body=|[ =])'(\{.*?\})'/gs)].map(([, json = '']) => json);

/** The names in backquotes in the first cells of the table under a header. */
export function firstCells(page: string, header: string): string[] {
  const table = page.split(`| ${header} |`)[1]?.split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(/, | or /),
  );
}

/** The anchors that GitHub makes of the page's headings. */
export const anchorsOf = (page: string) =>
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );

/** The page without its code blocks. */
export const proseOf = (page: string) => page.replace(/^ *```.*?^ *```$/gms, '');

/** The commands that the page names, as they are called in package.json. */
export const commandsOf = (page: string) =>
  [...page.matchAll(/\bnpm (?:run (?:-s |--silent )?([\w:-]+)|(start|test)\b)/g)].map(
    ([, script, short]) => script ?? short ?? '',
  );

/** The files and folders of the repository that the page names in backquotes, and that do not exist. */
export const missingPaths = (page: string) =>
  [...page.matchAll(/`((?:src|local|cli|tools|bench|test|infra|docs)\/[\w./-]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !existsSync(path));
