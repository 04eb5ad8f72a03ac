export type Access = 'public' | 'user' | 'admin';

/** Which field of a request names an object that belongs to somebody. */
export interface OwnerRule {
  /** A kind of object: `run`, `template`, … */
  kind: string;
  in: 'params' | 'body' | 'query';
  key: string;
}

/** What is known of a route before its handler runs; every route has one, or the server does not start. */
export interface RouteRule {
  access: Access;
  /**
   * Whose object the route touches: checked before the handler. `self`: the handler looks among the caller's own
   * things only. A route with an id in its path must say one or the other.
   */
  owner?: OwnerRule | 'self';
  /** The body is `application/octet-stream`, not JSON. */
  octets?: boolean;
  /** Still answered while the server shuts down. */
  whileDraining?: boolean;
}
