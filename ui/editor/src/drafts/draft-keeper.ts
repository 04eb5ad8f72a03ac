import { isApiError, isPassing } from '@wfm/shared/core';
import { documentOf, type EditorDocument, fileAt, filesDelta, sameFile, storedFiles } from '../document/document.ts';
import type { DraftServer, SourceBuffer, StoredDraft } from './draft-server.ts';
import type { LocalDrafts } from './local-drafts.ts';

/** How safe the newest edit is (ux.md E1). */
export type SaveState = 'saved' | 'saving' | 'offline' | 'conflict' | 'only_in_this_tab' | 'refused';

/** What is kept of the editor. */
export interface Kept {
  readonly document: EditorDocument;
  readonly sourceBuffer: SourceBuffer | null;
}

export interface DraftKeeper {
  /** The newest state of the editor; kept in the browser within 250 ms and on the server within 2 s. */
  keep(state: Kept): void;
  /** Everything at once: before publishing, and when the page is left. Resolves when the server has it. */
  flush(): Promise<void>;
  /** Whether the server still has the revision that this tab works on: asked when a hidden tab is shown again. */
  check(): Promise<void>;
  /** Ends a conflict. The side that is not taken becomes a checkpoint; gives the state to go on with. */
  resolve(side: 'mine' | 'theirs'): Promise<Kept>;
  stop(): void;
}

export interface DraftKeeperOptions {
  readonly templateId: string;
  readonly server: DraftServer;
  readonly local: LocalDrafts;
  onState(state: SaveState, about: { theirs?: StoredDraft; error?: unknown }): void;
  /** Words for the checkpoint of the side that was not taken. */
  labelFor(side: 'mine' | 'theirs'): string;
}

const localMs = 200;
const serverMs = 800;
const longestWaitMs = 30_000;

/** What `openDraft` found. */
export interface OpenedDraft {
  readonly stored: StoredDraft;
  /** What the server has. */
  readonly base: Kept;
  /** The state to begin with: `base`, or what this browser kept. */
  readonly state: Kept;
  /** Edits of this browser that the server did not have; with `theirs` when it has moved on meanwhile. */
  readonly recovered: boolean;
  readonly theirs: StoredDraft | null;
}

/** Reads the draft, and what this browser may have kept of it that the server has not. */
export async function openDraft(
  server: DraftServer,
  local: LocalDrafts,
  templateId: string,
  signal?: AbortSignal,
): Promise<OpenedDraft> {
  const [stored, kept] = await Promise.all([server.load(signal), local.read(templateId).catch(() => undefined)]);
  const base = keptOf(stored);
  if (!kept || sameContent(kept, stored)) return { stored, base, state: base, recovered: false, theirs: null };
  const moved = kept.baseRevision !== stored.revision;
  return { stored, base, state: sharing(keptOf(kept), base), recovered: true, theirs: moved ? stored : null };
}

function keptOf(draft: Pick<StoredDraft, 'entryPoint' | 'files' | 'preview' | 'sourceBuffer'>): Kept {
  const { files, entryPoint, preview, sourceBuffer } = draft;
  return { document: documentOf(files, entryPoint, preview), sourceBuffer };
}

/** The same state with the files of another where they are equal, so that only what differs is sent. */
function sharing(state: Kept, base: Kept): Kept {
  const shared = Object.entries(state.document.files).map(([path, file]) => {
    const old = fileAt(base.document, path);
    return [path, old && sameFile(old, file) ? old : file] as const;
  });
  return { ...state, document: { ...state.document, files: Object.fromEntries(shared) } };
}

function sameContent(
  kept: { entryPoint: string; files: unknown; sourceBuffer: unknown; preview: unknown },
  stored: typeof kept,
): boolean {
  const content = ({ entryPoint, files, sourceBuffer, preview }: typeof kept): string =>
    JSON.stringify([
      entryPoint,
      Object.entries(files as object).sort(([a], [b]) => (a < b ? -1 : 1)),
      sourceBuffer,
      preview ?? null,
    ]);
  return content(kept) === content(stored);
}

/** Keeps the editor's state from what `openDraft` gave on. One save at a time; what is typed meanwhile goes with the next. */
export function keepDraft(options: DraftKeeperOptions, opened: OpenedDraft): DraftKeeper {
  return new Keeper(options, opened);
}

class Keeper implements DraftKeeper {
  private readonly options: DraftKeeperOptions;
  private revision: number;
  /** What the server has. */
  private acknowledged: Kept;
  private newest: Kept;
  private theirs: StoredDraft | null;
  private localTimer: ReturnType<typeof setTimeout> | undefined;
  private serverTimer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> | null = null;
  private failures = 0;
  private localFails = false;
  private stopped = false;

  constructor(options: DraftKeeperOptions, { stored, base, state, theirs }: OpenedDraft) {
    this.options = options;
    this.revision = stored.revision;
    this.acknowledged = base;
    this.newest = state;
    this.theirs = theirs;
    if (theirs) this.tell('conflict', { theirs });
    else if (!this.isSaved()) this.schedule(0);
  }

  keep(state: Kept): void {
    if (state.document === this.newest.document && state.sourceBuffer === this.newest.sourceBuffer) return;
    this.newest = state;
    this.localTimer ??= setTimeout(() => void this.saveLocally(), localMs);
    if (this.theirs) return;
    this.tell('saving');
    if (this.failures === 0) this.schedule(serverMs);
  }

  async flush(): Promise<void> {
    await this.saveLocally();
    if (this.theirs) return;
    await this.saving;
    if (!this.isSaved()) await this.save();
  }

  async check(): Promise<void> {
    if (this.theirs || this.saving) return;
    const stored = await this.options.server.load();
    // Also where nothing of this tab is at stake: what it shows is old, and that is for a person to see and decide.
    if (stored.revision !== this.revision) this.conflict(stored);
  }

  async resolve(side: 'mine' | 'theirs'): Promise<Kept> {
    const { options } = this;
    const { theirs } = this;
    if (!theirs) return this.newest;
    const other = keptOf(theirs);
    const lost = side === 'mine' ? theirs : contentOf(this.newest);
    await options.server.checkpoint(options.labelFor(side === 'mine' ? 'theirs' : 'mine'), lost);
    this.theirs = null;
    this.revision = theirs.revision;
    this.acknowledged = other;
    if (side === 'theirs') this.newest = other;
    await this.save();
    return this.newest;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.localTimer);
    clearTimeout(this.serverTimer);
  }

  private schedule(ms: number): void {
    this.serverTimer ??= setTimeout(() => {
      this.serverTimer = undefined;
      void this.save();
    }, ms);
  }

  private isSaved(): boolean {
    const { newest, acknowledged } = this;
    return newest.document === acknowledged.document && newest.sourceBuffer === acknowledged.sourceBuffer;
  }

  private async saveLocally(): Promise<void> {
    clearTimeout(this.localTimer);
    this.localTimer = undefined;
    const { newest } = this;
    try {
      await this.options.local.write(this.options.templateId, {
        ...contentOf(newest),
        sourceBuffer: newest.sourceBuffer,
        baseRevision: this.revision,
        savedAt: new Date().toISOString(),
      });
      this.localFails = false;
    } catch {
      // No room, or a browser that keeps nothing: work goes on, and the badge says where it is (ux.md 2.9).
      this.localFails = true;
      if (!this.isSaved() && !this.theirs) this.tell('only_in_this_tab');
    }
  }

  private async save(): Promise<void> {
    if (this.saving || this.theirs || this.stopped) return this.saving ?? undefined;
    this.saving = this.saveOnce().finally(() => {
      this.saving = null;
      if (!this.stopped && !this.theirs && !this.isSaved() && this.failures === 0) this.schedule(serverMs);
    });
    return this.saving;
  }

  private async saveOnce(): Promise<void> {
    const state = this.newest;
    const { document, sourceBuffer } = state;
    const { put, remove } = filesDelta(this.acknowledged.document, document);
    try {
      if (!this.isSaved()) {
        this.tell('saving');
        const { entryPoint, preview } = document;
        const change = { entryPoint, put, remove, sourceBuffer, preview };
        this.revision = await this.options.server.save(this.revision, change);
      }
      await this.saved(state);
    } catch (error) {
      await this.failed(error, state);
    }
  }

  private async saved(state: Kept): Promise<void> {
    this.failures = 0;
    this.acknowledged = state;
    if (!this.isSaved()) return;
    this.tell('saved');
    // Nothing is left that only this browser has.
    await this.options.local.remove(this.options.templateId).catch(() => undefined);
  }

  private async failed(error: unknown, sent: Kept): Promise<void> {
    if (isApiError(error, 'draft_conflict')) {
      const stored = await this.options.server.load().catch(() => null);
      if (!stored) this.retry('offline', error);
      else if (sameContent({ ...contentOf(sent), sourceBuffer: sent.sourceBuffer }, stored)) {
        // An earlier try had arrived, and only its answer was lost.
        this.revision = stored.revision;
        await this.saved(sent);
      } else this.conflict(stored);
    } else if (isPassing(error)) this.retry(this.localFails ? 'only_in_this_tab' : 'offline', error);
    else this.tell('refused', { error });
  }

  private retry(state: SaveState, error: unknown): void {
    this.failures += 1;
    this.tell(state, { error });
    if (!this.stopped) this.schedule(Math.min(1_000 * 2 ** (this.failures - 1), longestWaitMs));
  }

  private conflict(theirs: StoredDraft): void {
    this.theirs = theirs;
    clearTimeout(this.serverTimer);
    this.serverTimer = undefined;
    this.tell('conflict', { theirs });
  }

  private tell(state: SaveState, about: { theirs?: StoredDraft; error?: unknown } = {}): void {
    if (!this.stopped) this.options.onState(state, about);
  }
}

function contentOf({ document }: Kept): Pick<StoredDraft, 'entryPoint' | 'files' | 'preview'> {
  return { entryPoint: document.entryPoint, files: storedFiles(document), preview: document.preview };
}
