import { test as base, type BrowserContext, type BrowserContextOptions, expect, type Page } from '@playwright/test';
import { type Faults, watchFaults } from './faults.ts';
import type { Options } from './options.ts';
import { makePerson, type Person } from './people.ts';
import { type Servers, startServers } from './servers.ts';

export { expect } from '@playwright/test';
export { expectNoViolations } from './axe.ts';
export { phone } from './options.ts';
export type { Person } from './people.ts';
export { answerRun, playRun, startRun } from './runs.ts';

interface Fixtures {
  /** Somebody of this test's own; the page is theirs. */
  person: Person;
  faults: Faults;
  /** One more browser, signed in as `of` or as the test's person; `null` is nobody. */
  newDevice(of?: Person | null, options?: BrowserContextOptions): Promise<Page>;
  /** Somebody else. */
  newPerson(role?: Options['role']): Promise<Person>;
  watcher: ReturnType<typeof watchFaults>;
}

/** Playwright's `test` with the product running behind it. Whatever a page complains of fails the test. */
export const test = base.extend<
  Fixtures & Options,
  { servers: Servers /** Settings of the programs, as their environment has them. */; settings: Record<string, string> }
>({
  settings: [{}, { option: true, scope: 'worker' }],
  role: ['member', { option: true }],
  signedIn: [true, { option: true }],
  language: ['en', { option: true }],
  servers: [
    async ({ settings }, use) => {
      const servers = await startServers(settings);
      await use(servers);
      await servers.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ servers }, use) => use(servers.url),
  newPerson: async ({ servers, role }, use) => use((other = role) => makePerson(servers, other)),
  person: async ({ newPerson }, use) => use(await newPerson()),
  watcher: async ({ servers }, use) => use(watchFaults([servers.url, servers.virtualUrl])),
  faults: [
    async ({ watcher, servers }, use, info) => {
      await use(watcher);
      await servers.startServer();
      await servers.startPreviews();
      await servers.startWorker();
      if (info.status !== info.expectedStatus)
        await info.attach('programs', { body: servers.output(), contentType: 'text/plain' });
      expect(watcher.seen(), 'pages complained').toEqual([]);
    },
    { auto: true },
  ],
  storageState: async ({ person, signedIn, language, servers }, use) =>
    use(await memoryOf(signedIn ? person : null, language, servers.url)),
  context: async ({ context, watcher }, use) => {
    watcher.watch(context);
    await use(context);
  },
  newDevice: async ({ browser, baseURL, watcher, language, person, servers, viewport, locale }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (of = person, options = {}) => {
      const storageState = await memoryOf(of, language, servers.url);
      const context = await browser.newContext({ viewport, baseURL, locale, storageState, ...options });
      contexts.push(context);
      watcher.watch(context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/** What a browser remembers in which somebody has signed in and chosen a language. */
async function memoryOf(
  person: Person | null,
  language: Options['language'],
  origin: string,
): Promise<Exclude<BrowserContextOptions['storageState'], string | undefined>> {
  const localStorage = [
    // The cookies cannot be read by a page; that there are some, it notes for itself.
    ...(person ? [{ name: 'wfm.signed-in', value: '1' }] : []),
    // The browser's own languages cannot name the one that is for tests.
    ...(language === 'en' ? [] : [{ name: 'wfm.language', value: language }]),
  ];
  return { cookies: person ? await person.cookies() : [], origins: [{ origin, localStorage }] };
}
