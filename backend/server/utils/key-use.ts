import type { Clock, UserStore } from '@wfm/workflow-engine/ports';

const flushEveryMs = 60_000;

/** Notes when access keys were used, at most once a minute: a date for people is not worth a write per request. */
export class KeyUse {
  readonly #users: UserStore;
  readonly #clock: Clock;
  readonly #used = new Set<string>();
  #flushedAt: number;

  constructor(users: UserStore, clock: Clock) {
    this.#users = users;
    this.#clock = clock;
    // So that the first use of a key shows at once.
    this.#flushedAt = clock.monotonicMs() - flushEveryMs;
  }

  note(keyId: string): void {
    this.#used.add(keyId);
    if (this.#clock.monotonicMs() - this.#flushedAt < flushEveryMs) return;
    this.#flushedAt = this.#clock.monotonicMs();
    // Missing a date harms nobody; the next flush tries again.
    this.flush().catch(() => undefined);
  }

  async flush(): Promise<void> {
    if (this.#used.size === 0) return;
    const keyIds = [...this.#used];
    await this.#users.touchAccessKeys({ keyIds, at: this.#clock.now().toISOString() });
    for (const keyId of keyIds) this.#used.delete(keyId);
  }
}
