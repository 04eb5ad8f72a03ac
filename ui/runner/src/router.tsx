import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Frame } from './frame/frame.tsx';
import { PageFault } from './frame/page-fault.tsx';

/** The runner's pages, below /app/ (ux.md 2.1). The server answers exactly these addresses with this app. */

const root = createRootRoute({ component: Frame, notFoundComponent: () => <PageFault /> });
const page = <P extends string>(path: P, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load as never, name as never) });

const routes = root.addChildren([
  page('/', () => import('./pages/home-page.tsx'), 'HomePage'),
  page('/r/$run', () => import('./pages/run-page.tsx'), 'RunPage'),
  page('/w/$id', () => import('./pages/workflow-page.tsx'), 'WorkflowPage'),
  page('/waiting', () => import('./pages/waiting-page.tsx'), 'WaitingPage'),
  page('/runs', () => import('./pages/runs-page.tsx'), 'RunsPage'),
  page('/settings', () => import('./pages/settings-page.tsx'), 'SettingsPage'),
  page('/admin/users', () => import('./pages/users-page.tsx'), 'UsersPage'),
  page('/invite/$code', () => import('./pages/invite-page.tsx'), 'InvitePage'),
  page('/sign-in', () => import('./pages/sign-in-page.tsx'), 'SignInPage'),
]);

export function createAppRouter() {
  return createRouter({
    routeTree: routes,
    basepath: '/app',
    defaultPreload: 'intent',
    defaultErrorComponent: PageFault,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
