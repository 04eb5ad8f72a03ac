import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import type { HttpApp } from './app-types.ts';

/**
 * What a request may bring: JSON everywhere, raw bytes only where a route says so. Both force a browser to ask first
 * (api.md, Auth), and everything else is 415.
 */
export function acceptBodies(app: HttpApp): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.routeOptions.config.rule?.octets === true) done(null, body);
    else done(Object.assign(new Error('octets are not accepted here'), { statusCode: 415 }));
  });
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.config.rule?.octets !== true) assertDepth(request.body);
  });
}

/** Throws `json_too_deep` beyond 64 levels (format.md 23). Walks level by level: no depth can exhaust the stack. */
export function assertDepth(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    let nested = false;
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      nested = true;
      for (const child of Array.isArray(item) ? item : Object.values(item)) {
        if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    if (nested && depth >= limits.jsonDepth) {
      throw new WfmError('json_too_deep', `The body is nested more than ${limits.jsonDepth} levels deep.`, {
        params: { limit: limits.jsonDepth },
      });
    }
    level = next;
  }
}
