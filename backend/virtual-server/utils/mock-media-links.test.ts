import { sampleContent, sampleGeneration } from '@wfm/workflow-engine/testing';
import { expect, it } from 'vitest';
import { createMockMediaLinks } from './mock-media-links.ts';

const generation = sampleGeneration({ runId: 'r' }, { mock: true, request_params: { prompt: 'fog & snow' } });
const content = sampleContent(generation, { mock: true });

function parsed(url: string) {
  const { pathname, searchParams } = new URL(url, 'http://x');
  const query = {
    kind: searchParams.get('kind') as 'image',
    w: Number(searchParams.get('w')),
    h: Number(searchParams.get('h')),
    text: searchParams.get('text') ?? '',
  };
  return { sha: pathname.slice('/mock-media/'.length), query };
}

it('17.5 an address says all that its bytes depend on, and holds for its query alone', () => {
  const links = createMockMediaLinks(['secret one']);
  const url = links.urlOf(generation, content);
  expect(links.urlOf(generation, content)).toBe(url);
  const { sha, query } = parsed(url);
  expect(query).toEqual({ kind: 'image', w: 16, h: 16, text: 'local 1\nfog & snow' });
  expect(links.isSigned(sha, query)).toBe(true);
  expect(links.isSigned(sha, { ...query, w: 17 })).toBe(false);
  expect(links.isSigned(sha, { ...query, text: 'anything else' })).toBe(false);
  expect(links.isSigned('', query)).toBe(false);
  expect(links.isSigned('zz', query)).toBe(false);
});

it('an address outlives the replacement of its secret, and no longer', () => {
  const { sha, query } = parsed(createMockMediaLinks(['old']).urlOf(generation, content));
  expect(createMockMediaLinks(['new', 'old']).isSigned(sha, query)).toBe(true);
  expect(createMockMediaLinks(['new']).isSigned(sha, query)).toBe(false);
});

it('22 a content that was really made stays where production serves it', () => {
  const url = createMockMediaLinks(['s']).urlOf(generation, { ...content, mock: false });
  expect(url).toBe(`/workflow/r/media/${content.content_id}`);
});
