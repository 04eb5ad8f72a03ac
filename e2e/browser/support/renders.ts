import type { Page } from '@playwright/test';

/** How many components of a page were drawn anew. */
export interface Renders {
  /** From here on. */
  reset(): Promise<void>;
  /** Names of the components that were drawn again since, one for each time; one that appeared is not among them. */
  again(): Promise<string[]>;
}

/**
 * Counts through the door that React leaves for its developer tools, which is open in a build for production too. To
 * be called before the page is opened.
 */
export async function countRenders(page: Page): Promise<Renders> {
  await page.addInitScript(installCounter);
  return {
    reset: () => page.evaluate(() => void (globalThis.drawnAgain = [])),
    again: () => page.evaluate(() => globalThis.drawnAgain),
  };
}

declare global {
  var drawnAgain: string[];
}

/** The part of React's own tree that is read here. */
interface Fiber {
  tag: number;
  flags: number;
  type: unknown;
  child: Fiber | null;
  sibling: Fiber | null;
  alternate: Fiber | null;
}

function installCounter(): void {
  globalThis.drawnAgain = [];
  // Functions, classes, forwarded and remembered components.
  const components = new Set([0, 1, 11, 14, 15]);
  const didWork = 1;
  const nameOf = (type: unknown): string => {
    const { displayName, name, type: inner, render } = (type ?? {}) as Record<string, unknown>;
    if (typeof displayName === 'string') return displayName;
    if (typeof name === 'string') return name;
    return inner === undefined ? (render === undefined ? '?' : nameOf(render)) : nameOf(inner);
  };
  const visit = (fiber: Fiber): void => {
    const before = fiber.alternate;
    if (before && components.has(fiber.tag) && (fiber.flags & didWork) !== 0) {
      globalThis.drawnAgain.push(nameOf(fiber.type));
    }
    // Where the children are the very same ones, nothing below was looked at; what is new was not drawn again.
    if (!before || before.child === fiber.child) return;
    for (let child = fiber.child; child; child = child.sibling) visit(child);
  };
  Object.assign(globalThis, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      isDisabled: false,
      renderers: new Map(),
      inject: () => 1,
      onCommitFiberRoot: (_: number, root: { current: Fiber }) => visit(root.current),
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
      onScheduleFiberRoot: () => undefined,
      checkDCE: () => undefined,
    },
  });
}
