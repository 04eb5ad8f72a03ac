import type { BrowserContext } from '@playwright/test';

/** What no page may do, and what a test says it will do all the same. */
export interface Faults {
  /** From now on a message that matches is part of the test: a lost connection, a refused request. */
  expect(message: RegExp): void;
  /** Everything else that was seen, a line each. */
  seen(): string[];
}

/** Notes what goes wrong in any page of the contexts that it watches (ux.md G12, G14). */
export function watchFaults(origins: readonly string[]): Faults & { watch(context: BrowserContext): void } {
  const seen: string[] = [];
  const expected: RegExp[] = [];
  return {
    expect: (message) => void expected.push(message),
    seen: () => seen.filter((line) => !expected.some((pattern) => pattern.test(line))),
    watch(context) {
      // The browser says there too what the content policy has refused.
      context.on('console', (message) => {
        if (message.type() !== 'error' && message.type() !== 'warning') return;
        seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (fault) => void seen.push(`uncaught: ${String(fault.error().stack ?? fault.error())}`));
      context.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (!/^https?:$/.test(protocol) || origins.includes(origin)) return;
        seen.push(`request to a foreign origin: ${request.url()}`);
      });
    },
  };
}
