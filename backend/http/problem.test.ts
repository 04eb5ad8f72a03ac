import { errorCodes, WfmError } from '@wfm/workflow-engine/errors';
import { describe, expect, test } from 'vitest';
import { problemOf, problemSchema, retryAfterSeconds } from './problem.ts';

const statusOf = (code: (typeof errorCodes)[number]) => problemOf(new WfmError(code, 'm'), 'id').status;

describe('format.md 24: errors on the wire', () => {
  test('every code of the catalogue has a status and a body of the same shape', () => {
    for (const code of errorCodes) {
      const { status, body } = problemOf(new WfmError(code, 'A sentence.', { params: { a: 1 } }), 'request-1');
      expect(body).toEqual(problemSchema.parse(body));
      expect(body.status).toBe(status);
      expect(body.type).toBe(`https://wfm.dev/errors/${body.code.replaceAll('_', '-')}`);
      expect(status === 500).toBe(code === 'internal_error');
    }
  });

  test.each([
    ['zip_invalid', 400],
    ['template_syntax', 422],
    ['request_invalid', 400],
    ['response_invalid', 422],
    ['step_not_found', 422],
    ['mock_not_allowed', 400],
    ['snapshot_signature', 400],
    ['run_not_found', 404],
    ['unauthenticated', 401],
    ['origin_refused', 403],
    ['interaction_already_answered', 409],
    ['draft_conflict', 412],
    ['snapshot_too_large', 413],
    ['preview_busy', 429],
    ['schema_outdated', 503],
    ['retry_limit', 422],
  ] as const)('%s is %i', (code, status) => {
    expect(statusOf(code)).toBe(status);
  });

  test('params, places, details and several faults travel; a lone place becomes a fault', () => {
    const several = [{ path: 'steps[0]', code: 'input_missing' as const, params: {}, message: 'm' }];
    const error = new WfmError('definition_invalid', 'm', { params: { a: 1 }, errors: several, details: { b: 2 } });
    expect(problemOf(error, 'r').body).toMatchObject({
      params: { a: 1 },
      errors: several,
      details: { b: 2 },
      instance: 'r',
    });
    const placed = new WfmError('request_invalid', 'm', { place: 'email' });
    expect(problemOf(placed, 'r').body.errors).toEqual([
      { path: 'email', code: 'request_invalid', params: {}, message: 'm' },
    ]);
  });

  test('S13 a foreign error gives away nothing but the request', () => {
    const { status, body } = problemOf(new Error('ENOENT /srv/secret/key.pem'), 'request-7');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/secret|ENOENT|stack|at /);
    expect(body.detail).toContain('request-7');
  });

  test('who should come back later is told when', () => {
    expect(retryAfterSeconds(new WfmError('rate_limited', 'm', { retryAfterMs: 1500 }), 429)).toBe(2);
    expect(retryAfterSeconds(new WfmError('shutting_down', 'm'), 503)).toBe(1);
    expect(retryAfterSeconds(new WfmError('conflict', 'm'), 409)).toBeUndefined();
  });
});
