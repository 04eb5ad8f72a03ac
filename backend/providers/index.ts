export { createSafeFetch, type FetchSettings } from './safe-fetch/safe-fetch.ts';
