/** For tests and benches: the app as a value. The program itself is server.ts. */
export { createServerApp, type ServerApp } from './api/app.ts';
export type { Collaborators, ServerSettings } from './api/collaborators.ts';
