/** People, their keys and their sessions. Only hashes of secrets are ever stored. */

export interface UserRow {
  user_id: string;
  email: string;
  name: string;
  role: 'admin' | 'member';
  /** argon2id in PHC form; null while the user has no password. */
  password_hash: string | null;
  disabled: boolean;
  /** Raised to end all sessions of the user at once. */
  token_version: number;
  created_at: string;
}

export interface AccessKeyRow {
  key_id: string;
  user_id: string;
  label: string;
  /** First characters, so that a person can tell keys apart. */
  prefix: string;
  sha256: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

/** A refresh token of a family; the family dies when one of its tokens is used twice outside the grace. */
export interface RefreshTokenRow {
  sha256: string;
  family_id: string;
  user_id: string;
  created_at: string;
  expires_at: string;
  /** When it was exchanged for its successor; null while it is current. */
  rotated_at: string | null;
}

/** Leave to make an account, once. The code itself is nowhere stored. */
export interface InvitationRow {
  invitation_id: string;
  sha256: string;
  /** The address that the account will have; null: whoever comes chooses one. */
  email: string | null;
  role: UserRow['role'];
  created_by: string;
  created_at: string;
  expires_at: string;
  /** Who came by it; null while nobody has. */
  user_id: string | null;
}

/** What is undefined stays. */
export interface Rights {
  role?: UserRow['role'] | undefined;
  disabled?: boolean | undefined;
}

export interface UserStore {
  /** Throws `conflict` when the e-mail is taken (letter case ignored). */
  create(params: { user: UserRow }): Promise<void>;
  find(params: { userId: string }): Promise<UserRow | null>;
  findByEmail(params: { email: string }): Promise<UserRow | null>;
  update(params: {
    userId: string;
    changes: Partial<Pick<UserRow, 'name' | 'role' | 'password_hash' | 'disabled' | 'token_version'>>;
  }): Promise<void>;
  count(): Promise<number>;
  /** In the order of their ids, which is that of their making; `q`: a part of the e-mail address, letter case ignored. */
  list(params: { limit: number; after?: string | undefined; q?: string | undefined }): Promise<UserRow[]>;
  /**
   * Gives a role, or closes or opens an account, as one decision: of two who would take each other's role, one is too
   * late. The account before and after, or null where there is none; its `token_version` grows where its sessions are to
   * end. Throws `conflict` where nobody would be left who is an administrator.
   */
  changeRights(params: { userId: string; rights: Rights }): Promise<{ before: UserRow; after: UserRow } | null>;

  addInvitation(params: { invitation: InvitationRow }): Promise<void>;
  findInvitation(params: { sha256: string }): Promise<InvitationRow | null>;
  /** In the order of their ids. */
  listInvitations(params: { limit: number; after?: string | undefined }): Promise<InvitationRow[]>;
  /** False when there is none. */
  removeInvitation(params: { invitationId: string }): Promise<boolean>;
  /**
   * Makes the account that an invitation allows, and uses it up: of two who come by one, one succeeds. False when it is
   * unknown, used or expired. Throws `conflict` when the e-mail is taken; the invitation is then as it was.
   */
  acceptInvitation(params: { sha256: string; now: Date; user: UserRow }): Promise<boolean>;

  addAccessKey(params: { key: AccessKeyRow }): Promise<void>;
  findAccessKey(params: { sha256: string }): Promise<AccessKeyRow | null>;
  listAccessKeys(params: { userId: string }): Promise<AccessKeyRow[]>;
  /** False when the user has no such key. */
  removeAccessKey(params: { userId: string; keyId: string }): Promise<boolean>;
  touchAccessKeys(params: { keyIds: string[]; at: string }): Promise<void>;

  addRefreshToken(params: { token: RefreshTokenRow }): Promise<void>;
  findRefreshToken(params: { sha256: string }): Promise<RefreshTokenRow | null>;
  /** Compare-and-set: marks the token rotated and stores its successor; false when it was rotated already. */
  rotateRefreshToken(params: { sha256: string; at: string; successor: RefreshTokenRow }): Promise<boolean>;
  revokeFamily(params: { familyId: string }): Promise<void>;
  revokeFamiliesOf(params: { userId: string }): Promise<void>;

  /** Keeps the hash of a one-time sign-in token. */
  addOneTimeToken(params: { sha256: string; userId: string; expiresAt: string }): Promise<void>;
  /** Uses it up; the user's id, or null when it is unknown, used or expired. */
  takeOneTimeToken(params: { sha256: string; now: Date }): Promise<string | null>;

  getSettings(params: { userId: string }): Promise<Record<string, unknown>>;
  putSettings(params: { userId: string; settings: Record<string, unknown> }): Promise<void>;
}
