import type { JsonObject } from '../models/json.ts';
import type { ContentRow, Generation } from '../ports/media-store.ts';
import { type FileNode, folder, newFolder } from './reads.ts';

/**
 * What a run has generated, as a branch of its tree of files: `media` → step → module → content. Empty where there is
 * nothing. A leaf says the `mime` by which clients choose an element (format.md 15.4).
 */
export function mediaTree(
  generations: readonly Generation[],
  urlOf: (content: ContentRow) => string | null,
): JsonObject {
  const root = newFolder();
  for (const { generation, contents } of generations) {
    if (contents.length === 0) continue;
    const place = folder(folder(folder(root, 'media'), generation.step_id), generation.module_name);
    for (const content of contents) place[content.content_id] = leafOf(content, urlOf(content), generation.provider);
  }
  return root;
}

function leafOf(content: ContentRow, url: string | null, provider: string): FileNode & { _meta: { mime: string } } {
  return {
    _meta: {
      display_name: `${provider} ${content.index + 1}.${content.extension}`,
      icon: content.content_type.split('.', 1)[0] ?? 'image',
      leaf: true,
      content_type: content.content_type,
      mime: content.mime,
      ...addressOf(url),
    },
  };
}

/** A mock's address has a signed query already, to which nothing can be added. */
function addressOf(url: string | null): { content_url?: string; download_url?: string } {
  if (url === null) return {};
  return { content_url: url, download_url: url.includes('?') ? url : `${url}?download=1` };
}
