import { readFileSync } from 'node:fs';

/** One instruction of a Dockerfile, with its words as written. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The stages of a Dockerfile, each from its `FROM`. Lines that end in `\` go on in the next. */
export function readDockerfile(path: string): Instruction[][] {
  const stages: Instruction[][] = [];
  const lines = readFileSync(path, 'utf8').replaceAll(/\\\n/g, ' ').split('\n');
  for (const line of lines) {
    const [, name, text] = /^\s*([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === undefined || text === undefined) continue;
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, text: text.trim() });
  }
  return stages;
}

/** What a `.dockerignore` of names, folders at the root and `**` before a name leaves out. */
export function readDockerignore(path: string): (file: string) => boolean {
  const patterns = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return (file) => {
    const parts = file.split('/');
    return patterns.some((pattern) =>
      pattern.startsWith('**/') ? parts.includes(pattern.slice(3)) : parts[0] === pattern,
    );
  };
}
