import type { Page } from '../ports/page.ts';

/** All items of a list, page by page. Throws for a page over its limit, and for a list that does not end. */
export async function collectPages<T>(
  fetchPage: (params: { limit: number; cursor?: string }) => Promise<Page<T>>,
  limit: number,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let pages = 1; pages <= 200; pages += 1) {
    const page = await fetchPage({ limit, cursor });
    if (page.items.length > limit) throw new Error(`a page of ${page.items.length} items where ${limit} were asked`);
    items.push(...page.items);
    if (page.next_cursor === null) return items;
    cursor = page.next_cursor;
  }
  throw new Error('the list does not end');
}
