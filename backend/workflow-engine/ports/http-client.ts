/** The only way from a workflow to an address outside; the implementation keeps private networks out. */
export interface HttpRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  timeoutMs: number;
  maxBytes: number;
  signal: AbortSignal;
}

export interface HttpReply {
  /** After redirects. */
  url: string;
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface HttpClient {
  /** Throws `url_refused`, `http_failed` (transient for network faults), `reply_too_large`, `module_timeout`. */
  fetch(request: HttpRequest): Promise<HttpReply>;
}
