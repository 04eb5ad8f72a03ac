const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
const entity = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g;

/** Text without comments and tags, white space collapsed, common entities read. Linear in the length of the text. */
export function stripTags(text: string): string {
  return withoutMarkup(text).replace(/\s+/g, ' ').trim().replace(entity, readEntity);
}

function withoutMarkup(text: string): string {
  let kept = '';
  let at = 0;
  // Once no comment ends any more, none is looked for: two searches to the end of the text are enough.
  let comments = true;
  for (;;) {
    const open = text.indexOf('<', at);
    if (open === -1) break;
    let close = -1;
    let width = 3;
    if (comments && text.startsWith('<!--', open)) {
      close = text.indexOf('-->', open + 4);
      comments = close !== -1;
    }
    if (close === -1) {
      close = text.indexOf('>', open + 1);
      width = 1;
    }
    if (close === -1) break;
    kept += text.slice(at, open);
    at = close + width;
  }
  return kept + text.slice(at);
}

function readEntity(
  whole: string,
  decimal: string | undefined,
  hex: string | undefined,
  name: string | undefined,
): string {
  if (name !== undefined) return Object.hasOwn(entities, name) ? (entities[name] as string) : whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
  const isScalar = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isScalar ? String.fromCodePoint(code) : whole;
}
