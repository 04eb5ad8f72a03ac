import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFolder } from '../definition/read-folder.ts';
import { checkPackage } from './check-package.ts';

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('checking a package', () => {
  test('tells faults with their file, and who writes and reads state', () => {
    const files = new Map([
      ['flow.json', text({ format: 2, workflow_id: 'w', steps: [{ $ref: 'steps/a.json' }] })],
      [
        'steps/a.json',
        text({
          step_id: 'a',
          modules: [
            { module_id: 'user.text_input', name: 'ask', inputs: {}, outputs_to_state: { value: 'topic' } },
            { module_id: 'transform.extract', name: 'take', inputs: { it: '{{ state.topik }}' } },
          ],
        }),
      ],
    ]);
    const { diagnostics, state } = checkPackage({ files, entryPoint: 'flow.json' });
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        file: 'steps/a.json',
        pointer: '/modules/1/inputs/it',
        params: expect.objectContaining({ nearest: 'topic' }),
      }),
    );
    expect(state.writes.map(({ path }) => path.join('.'))).toContain('topic');
    expect(state.reads.map(({ path }) => path.join('.'))).toEqual(['topik']);
  });

  test('says what stops it where nothing can be checked', () => {
    expect(checkPackage({ files: new Map() })).toMatchObject({ diagnostics: [{ code: 'entry_point_missing' }] });
    expect(
      checkPackage({ files: new Map([['a.json', new TextEncoder().encode('{')]]), entryPoint: 'a.json' }),
    ).toMatchObject({
      diagnostics: [{ code: 'json_invalid', file: 'a.json' }],
    });
  });

  test('the examples have no errors', async () => {
    for (const name of ['hello', 'pocket-museum', 'picture-postcard']) {
      const files = await readFolder(join(import.meta.dirname, '../../../workflows', name));
      const { diagnostics } = checkPackage({ files, entryPoint: 'workflow.json' });
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });
});
