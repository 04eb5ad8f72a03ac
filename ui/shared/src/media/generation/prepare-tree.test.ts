import { compileView, type ViewNode } from '@wfm/workflow-engine/display';
import { describe, expect, test } from 'vitest';
import { blocksIn, prepareTree } from './prepare-tree.ts';

const form = { type: 'object', properties: { prompt: { type: 'string' }, style: { type: 'string' } } };
const block = (...path: string[]) => ({
  id: path.join('.'),
  path,
  form,
  generate: { kind: 'image', provider: path.at(-1) },
});
const prepared = (data: unknown, blocks: unknown[], schema: unknown = {}): ViewNode | null =>
  prepareTree(compileView({ data, schema, blocks }));
const kinds = (node: ViewNode | null): unknown =>
  node && [
    node.kind,
    ...(node.children ?? []).map((child) => (child.children ? kinds(child) : (child.text ?? child.kind))),
  ];

describe('18.4 the view of a media question', () => {
  test('what the form edits is not shown a second time beside it; everything else is', () => {
    const tree = prepared({ local: { prompt: 'a pier', mood: 'calm' } }, [block('local')]);
    expect(JSON.stringify(tree)).not.toContain('a pier');
    expect(JSON.stringify(tree)).toContain('calm');
    expect(tree && blocksIn(tree)).toMatchObject([{ id: 'local', path: ['local'] }]);
  });

  test('several blocks lie under tabs; what belongs to none of them stays above', () => {
    const tree = prepared({ scene: 'The pier', local: { prompt: 'a' }, openai: { prompt: 'b' } }, [
      block('local'),
      block('openai'),
    ]);
    expect(kinds(tree)).toEqual(['stack', 'The pier', ['tabs', ['stack', 'block'], ['stack', 'block']]]);
  });

  test('tabs of the author, and a single block, stay as they are', () => {
    const schema = { type: 'object', properties: { prompts: { type: 'object', ui: { as: 'tabs' } } } };
    const data = { prompts: { local: { prompt: 'a' }, openai: { prompt: 'b' } } };
    const tree = prepared(data, [block('prompts', 'local'), block('prompts', 'openai')], schema);
    expect(kinds(tree)).toEqual(['stack', ['tabs', ['stack', 'block'], ['stack', 'block']]]);
    expect(kinds(prepared({ local: { prompt: 'a' } }, [block('local')]))).toEqual(['stack', ['stack', 'block']]);
  });

  test('without anything to see, the blocks are still there', () => {
    const tree = prepared({ local: {} }, [block('local')]);
    expect(tree && blocksIn(tree)).toHaveLength(1);
  });
});
