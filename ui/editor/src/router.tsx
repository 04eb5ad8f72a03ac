import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { GonePage } from '@wfm/shared/app';
import { SignedIn } from './frame/signed-in.tsx';

/** The editor's pages, below /editor/ (ux.md 2.1). The server answers exactly these addresses with this app. */

const root = createRootRoute({
  component: () => (
    <SignedIn>
      <Outlet />
    </SignedIn>
  ),
  notFoundComponent: () => <GonePage />,
});

const editor = createRoute({
  getParentRoute: () => root,
  path: '/w/$id',
  component: lazyRouteComponent(() => import('./pages/editor-page.tsx'), 'EditorPage'),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/w/$id/compare',
  component: lazyRouteComponent(() => import('./pages/compare-page.tsx'), 'ComparePage'),
});

export function createEditorRouter() {
  return createRouter({ routeTree: root.addChildren([editor, compare]), basepath: '/editor', defaultPreload: false });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createEditorRouter>;
  }
}
