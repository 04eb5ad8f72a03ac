import { describe, expect, it } from 'vitest';
import { messagesOf, replyText } from './call-text.ts';

describe('U18 a call as text', () => {
  it('what a model was asked, message by message, and what else was sent', () => {
    const request = {
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
        {
          role: 'user',
          parts: [
            { type: 'text', text: 'Hello' },
            { type: 'image', sha256: 'abc' },
          ],
        },
      ],
      temperature: 0.5,
    };
    expect(messagesOf(request)).toEqual([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hello\n\n{\n  "type": "image",\n  "sha256": "abc"\n}' },
      { role: '', text: '{\n  "temperature": 0.5\n}' },
    ]);
    expect(messagesOf({ method: 'GET', url: 'https://a.example' })).toEqual([
      { role: '', text: '{\n  "method": "GET",\n  "url": "https://a.example"\n}' },
    ]);
  });

  it('what came back: the text, or status and body, or whatever it is', () => {
    expect(replyText({ text: 'Hello.' })).toBe('Hello.');
    expect(replyText({ status: 200, body: 'ok' })).toBe('200\nok');
    expect(replyText(null)).toBe('null');
  });
});
