import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFolder } from '@wfm/workflow-engine';
import { type LoadedWorkflow, loadWorkflow } from '@wfm/workflow-engine/definition';
import { type RecordedAnswers, recordedAnswersSchema } from '@wfm/workflow-engine/models';

/** A workflow that ships with the product. */
export interface Example {
  name: string;
  /** Absolute path of its folder. */
  folder: string;
  loaded: LoadedWorkflow;
  recorded: RecordedAnswers;
  /** Path of the recorded answers, for programs that read them. */
  answersFile: string;
}

export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Names of the folders below `workflows/`. */
const names = readdirSync(join(repository, 'workflows'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
/** Media that a person may ask for may also be left out. */
const needsWorker = (name: string): boolean => {
  const folder = join(repository, 'workflows', name);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
  return files.some((path) => readFileSync(join(folder, path), 'utf8').includes('"media.render"'));
};

/** Examples that any host can run by itself. */
export const exampleNames = names.filter((name) => !needsWorker(name));
/** Examples for which a worker makes media, or a preview mocks. */
export const mediaExampleNames = names.filter(needsWorker);

/** Reads an example as the command line does. Throws what loading throws, and a `ZodError` for malformed answers. */
export async function loadExample(name: string): Promise<Example> {
  const folder = join(repository, 'workflows', name);
  const answersFile = join(folder, 'answers.json');
  return {
    name,
    folder,
    loaded: loadWorkflow({ files: await readFolder(folder) }),
    recorded: recordedAnswersSchema.parse(JSON.parse(readFileSync(answersFile, 'utf8'))),
    answersFile,
  };
}
