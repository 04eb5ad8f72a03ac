/** A user's own keys for providers. Kept sealed; never listed, logged, exported or put into an event. */
export interface CredentialStore {
  /** Keeps the key in place of an earlier one. */
  put(params: { userId: string; provider: string; apiKey: string; now: Date }): Promise<void>;
  /**
   * The key in the clear, or null. Throws `provider_auth` for a key that was sealed under a secret that is gone: another
   * key must not be used instead.
   */
  get(params: { userId: string; provider: string }): Promise<string | null>;
  delete(params: { userId: string; provider: string }): Promise<void>;
  /** Which there are, by provider: never the keys, only their last four characters. */
  list(params: { userId: string }): Promise<{ provider: string; hint: string; updated_at: string }[]>;
}

/** By what a person recognises a key: its last four characters; nothing of one so short that four would tell much. */
export function credentialHint(apiKey: string): string {
  return apiKey.length < 12 ? '' : apiKey.slice(-4);
}
