import { describe, expect, it } from 'vitest';
import { redact, secretsOf } from './redact.ts';

describe('taking secrets out', () => {
  it('by name, however it is spelt, and says where; templates stay', () => {
    const { value, redacted } = redact(
      {
        headers: { Authorization: 'Basic eA==', 'X-Api-Key': 'k', Accept: 'text/plain' },
        ai_config: { api_key: 'abc', model: 'm', max_tokens: 5 },
        later: { apiKey: '{{ config.key }}', token: '' },
        token_usage: { total: 3 },
      },
      'w',
    );
    expect(redacted).toEqual(['w.headers.Authorization', 'w.headers.X-Api-Key', 'w.ai_config.api_key']);
    expect(value).toMatchObject({
      headers: { Authorization: '[redacted]', 'X-Api-Key': '[redacted]', Accept: 'text/plain' },
      later: { apiKey: '{{ config.key }}', token: '' },
      token_usage: { total: 3 },
    });
  });

  it('by shape and by value, in the middle of any text', () => {
    const secrets = secretsOf({ OPENAI_API_KEY: 'hunter2-hunter2', HOME: '/home/someone', MY_TOKEN: 'short' });
    expect(secrets).toEqual(['hunter2-hunter2']);
    const { value, redacted } = redact(
      [
        'key sk-abcdefghijklmnopqrstuv end',
        'with Bearer abcdefgh.ijkl',
        'https://ada:lovelace@example.org/x',
        'says hunter2-hunter2!',
        'a risk-free sentence about task-oriented work',
      ],
      'list',
      secrets,
    );
    expect(value).toEqual([
      'key [redacted] end',
      'with [redacted]',
      'https://[redacted]@example.org/x',
      'says [redacted]!',
      'a risk-free sentence about task-oriented work',
    ]);
    expect(redacted).toEqual(['list[0]', 'list[1]', 'list[2]', 'list[3]']);
    expect(redact(value, 'list', secrets).redacted).toEqual([]);
  });
});
