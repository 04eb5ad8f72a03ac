import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { contentUrl } from '@wfm/workflow-engine/models';
import { type MockMediaQuery, mockMediaQuery } from '@wfm/workflow-engine/mock';
import type { MediaHost } from '@wfm/workflow-engine';

/** Where mock media are served (format.md 17.5): addresses that hold all that the bytes depend on, and a signature. */
export interface MockMediaLinks {
  /** Of a real content, where the production server serves it. */
  urlOf: MediaHost['urlOf'];
  /** True for a query that this server has signed: it draws what it has offered, not what anybody asks for. */
  isSigned(signature: string, query: MockMediaQuery): boolean;
}

/** @param secrets the first one signs; what the others signed is still served */
export function createMockMediaLinks(secrets: readonly string[]): MockMediaLinks {
  // A key of its own: what signs pictures must not be able to sign a snapshot.
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'wfm mock media', 32)));
  const [current] = keys;
  if (!current) throw new TypeError('links to mock media need a secret');
  return {
    urlOf(generation, content) {
      if (!content.mock) return contentUrl(content);
      const query = mockMediaQuery(content, generation);
      const { kind, w, h, text } = query;
      const search = new URLSearchParams({ kind, w: String(w), h: String(h), text });
      return `/mock-media/${signatureOf(current, query).toString('hex')}?${search.toString()}`;
    },
    isSigned(signature, query) {
      const given = Buffer.from(signature, 'hex');
      return keys.some((key) => {
        const expected = signatureOf(key, query);
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
    },
  };
}

function signatureOf(key: Buffer, { kind, w, h, text }: MockMediaQuery): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([kind, w, h, text]))
    .digest();
}
