import type { ViewNode } from '@wfm/workflow-engine/display';

/** A name for a node among its siblings, the same in every drawing of the same data. */
export function keyOf({ path, extra, kind, block }: ViewNode): string {
  return JSON.stringify([path, extra ?? '', kind === 'block' ? (block?.id ?? '') : '']);
}

/** Where a leaf comes from, for whoever looks for it in the page: its path, then the name of an extra. */
export function leafKey({ path, extra }: ViewNode): string {
  return JSON.stringify(extra === undefined ? path : [...path, { extra }]);
}
