import { strToU8, zipSync } from 'fflate';
import { expect } from 'vitest';
import { sampleWorkflow } from './sample-workflow.ts';
import type { Person } from './server-rig.ts';

/** A workflow of several files, as templates and drafts keep it. */

/** A PNG's beginning: no UTF-8. */
export const pixel = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe);
/** A text with a byte order mark and a line end of another system. */
export const marked = '\uFEFFWith a mark\r\n';

/** The sample as a package: its first step and a prompt in files of their own, with what nothing refers to beside them. */
export function packageOf(workflowId: string): Record<string, Uint8Array> {
  const { steps, ...head } = sampleWorkflow({ workflow_id: workflowId });
  return {
    'main.json': strToU8(
      `${JSON.stringify({ ...head, steps: [{ $ref: 'steps/ask.json', type: 'json' }, steps[1]] })}\n`,
    ),
    'steps/ask.json': strToU8(JSON.stringify(steps[0], null, '\t')),
    'deep/er/ünï.txt': strToU8(marked),
    'data/pixel.png': pixel,
    'data/empty': new Uint8Array(0),
    'data/zeros.txt': new Uint8Array(50_000).fill(48),
  };
}

/** Keeps a package as a template of a person. */
export async function create(person: Person, files: Record<string, Uint8Array>) {
  const zip = Buffer.from(zipSync(files, { level: 0 }));
  const made = await person.call('POST', '/workflow-templates', { workflow_content: zip.toString('base64') });
  expect(made.body).toContain('version_id');
  return {
    path: `/workflow-templates/${made.json().template.template_id}`,
    versionId: made.json().version_id as string,
  };
}

/** Keeps the sample as one JSON, whose file is `workflow.json`. */
export async function createPlain(person: Person, workflowId: string) {
  const made = await person.call('POST', '/workflow-templates', {
    workflow_content: sampleWorkflow({ workflow_id: workflowId }),
  });
  return {
    path: `/workflow-templates/${made.json().template.template_id}`,
    versionId: made.json().version_id as string,
  };
}

/** Changes a draft on the revision that was seen. */
export const patch = (person: Person, path: string, revision: number | string, body: object) =>
  person.call('PATCH', `${path}/draft`, body, { 'if-match': `"${revision}"` });

/** The text of the sample's file, asking another question. */
export const asked = (question: string, workflowId: string) =>
  `${JSON.stringify(sampleWorkflow({ workflow_id: workflowId, question }), null, 2)}\n`;
