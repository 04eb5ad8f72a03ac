/** What both apps are set in: data, words, theme, who is there, and what is shown when something fails. */
export { AppProviders, useAppearance } from './app-providers.tsx';
export { CrashBoundary } from './crash-boundary.tsx';
export { ErrorCard, GonePage, isGone } from './error-card.tsx';
export { explain, type Explanation, useExplain } from './explain.ts';
export { inboxTotalKey, useInboxTotal, usePageTitle } from './needs-you.ts';
export { type Person, type SessionActs, useOtherTabs, useSession, useSessionActs } from './session.ts';
export { useCopy } from './use-copy.ts';
export { useLate } from './use-late.ts';
