import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../support/examples.ts';

export const imageNames = ['server', 'virtual-server', 'worker'] as const;
export type ImageName = (typeof imageNames)[number];

export interface Instruction {
  name: string;
  rest: string;
}

/** One stage of a Dockerfile: what it begins from and what is done then. */
export interface Stage {
  from: string;
  alias: string;
  instructions: Instruction[];
}

/** The stages of a program's Dockerfile, in order; the last is the image. Reads as much of the language as ours use. */
export function readDockerfile(name: ImageName): Stage[] {
  const text = readFileSync(join(repository, 'backend', name, 'Dockerfile'), 'utf8');
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  const stages: Stage[] = [];
  for (const line of lines.filter((each) => each.trim() !== '')) {
    const [, instruction = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (instruction === 'FROM') {
      const [from = '', , alias = ''] = rest.split(/\s+/);
      stages.push({ from, alias, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name: instruction, rest });
  }
  return stages;
}

/** What one instruction of a stage says, every time that it is there. */
export function allOf(stage: Stage | undefined, name: string): string[] {
  return (stage?.instructions ?? []).filter((each) => each.name === name).map(({ rest }) => rest);
}

/** Settings that an image brings along. */
export function environmentOf(stage: Stage | undefined): Record<string, string> {
  const pairs = allOf(stage, 'ENV').flatMap((rest) => rest.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string]));
}
