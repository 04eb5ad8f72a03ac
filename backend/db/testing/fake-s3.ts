import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small S3 on a loopback port, as far as media files need it: whole and multipart puts, copies, ranges, lists, deletes. */
export interface FakeS3 {
  endpoint: string;
  objects: Map<string, { data: Buffer; modified: Date }>;
  /** Multipart uploads that were begun and neither completed nor aborted. */
  uploads: Map<string, Map<number, Buffer>>;
  requests: string[];
  /** Answers so many requests with an error before it works again. */
  failNext(count: number, status: number, method?: string): void;
  /** How many keys a list gives at once. */
  pageSize: number;
  close(): Promise<void>;
}

export const fakeS3Keys = { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret-for-tests' };

export async function startFakeS3(bucket: string): Promise<FakeS3> {
  const failing = { count: 0, status: 500, method: '' };
  const fake: FakeS3 = {
    endpoint: '',
    objects: new Map(),
    uploads: new Map(),
    requests: [],
    failNext: (count, status, method = '') => Object.assign(failing, { count, status, method }),
    pageSize: 1000,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://s3');
      fake.requests.push(`${request.method} ${url.pathname}`);
      if (failing.count > 0 && (failing.method === '' || failing.method === request.method)) {
        failing.count -= 1;
        problem(response, failing.status, 'InternalError');
      } else {
        answer(fake, bucket, { request, url, body, response });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}

interface Exchange {
  request: IncomingMessage;
  url: URL;
  body: Buffer;
  response: ServerResponse;
}

function answer(fake: FakeS3, bucket: string, exchange: Exchange): void {
  const { request, url, body, response } = exchange;
  const [, named = '', ...rest] = url.pathname.split('/');
  const key = decodeURIComponent(rest.join('/'));
  if (!isSigned(request, body)) return problem(response, 403, 'SignatureDoesNotMatch');
  if (named !== bucket) return problem(response, 404, 'NoSuchBucket');
  const { method } = request;
  const query = url.searchParams;
  if (key === '' && method === 'GET') return list(fake, query, response);
  if (key === '' && method === 'POST' && query.has('delete')) return deleteMany(fake, body, response);
  if (query.has('uploads') || query.has('uploadId')) return multipart(fake, key, exchange);
  const copied = request.headers['x-amz-copy-source'];
  if (method === 'PUT' && typeof copied === 'string')
    return copy(fake, bucket, decodeURIComponent(copied), key, response);
  if (method === 'PUT') {
    fake.objects.set(key, { data: body, modified: new Date() });
    return void response.writeHead(200, { etag: tagOf(body) }).end();
  }
  if (method === 'DELETE') {
    fake.objects.delete(key);
    return void response.writeHead(204).end();
  }
  return read(fake, key, exchange);
}

function read(fake: FakeS3, key: string, { request, response }: Exchange): void {
  const found = fake.objects.get(key);
  if (!found) return problem(response, 404, 'NoSuchKey', request.method === 'HEAD');
  const [, from = '', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const data = from === '' ? found.data : found.data.subarray(Number(from), Number(to) + 1);
  const headers = { 'content-length': data.length, etag: tagOf(found.data) };
  response.writeHead(from === '' ? 200 : 206, headers).end(request.method === 'HEAD' ? undefined : data);
}

function multipart(fake: FakeS3, key: string, { request, url, body, response }: Exchange): void {
  const id = url.searchParams.get('uploadId');
  if (id === null) {
    const made = randomUUID();
    fake.uploads.set(made, new Map());
    return xml(response, `<InitiateMultipartUploadResult><UploadId>${made}</UploadId></InitiateMultipartUploadResult>`);
  }
  const parts = fake.uploads.get(id);
  if (!parts) return problem(response, 404, 'NoSuchUpload');
  if (request.method === 'PUT') {
    parts.set(Number(url.searchParams.get('partNumber')), body);
    return void response.writeHead(200, { etag: tagOf(body) }).end();
  }
  fake.uploads.delete(id);
  if (request.method === 'DELETE') return void response.writeHead(204).end();
  const ordered = [...parts.entries()].sort(([a], [b]) => a - b).map(([, part]) => part);
  // Only the last part may be smaller than 5 MiB.
  if (ordered.slice(0, -1).some((part) => part.length < 5 * 1024 * 1024))
    return problem(response, 400, 'EntityTooSmall');
  fake.objects.set(key, { data: Buffer.concat(ordered), modified: new Date() });
  xml(response, `<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>`);
}

function copy(fake: FakeS3, bucket: string, source: string, key: string, response: ServerResponse): void {
  const found = fake.objects.get(source.replace(/^\//, '').slice(bucket.length + 1));
  if (!found) return problem(response, 404, 'NoSuchKey');
  fake.objects.set(key, { data: found.data, modified: new Date() });
  xml(response, '<CopyObjectResult><ETag>"x"</ETag></CopyObjectResult>');
}

function list(fake: FakeS3, query: URLSearchParams, response: ServerResponse): void {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter');
  const names = new Map<string, Date | null>();
  for (const [key, { modified }] of [...fake.objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut === -1) names.set(key, modified);
    else names.set(key.slice(0, cut + 1), null);
  }
  const after = query.get('continuation-token') ?? '';
  const left = [...names].filter(([name]) => name > after);
  const page = left.slice(0, fake.pageSize);
  const items = page.map(([name, modified]) =>
    modified === null
      ? `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`
      : `<Contents><Key>${name}</Key><LastModified>${modified.toISOString()}</LastModified></Contents>`,
  );
  const more = left.length > page.length;
  const next = more ? `<NextContinuationToken>${page.at(-1)?.[0]}</NextContinuationToken>` : '';
  xml(response, `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${items.join('')}</ListBucketResult>`);
}

function deleteMany(fake: FakeS3, body: Buffer, response: ServerResponse): void {
  const keys = [...body.toString('utf8').matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  if (keys.length > 1000) return problem(response, 400, 'MalformedXML');
  for (const key of keys) fake.objects.delete(key);
  xml(response, '<DeleteResult></DeleteResult>');
}

/** Signed by the known key, over the bytes that came. The signature itself is the client library's business. */
function isSigned(request: IncomingMessage, body: Buffer): boolean {
  const { authorization = '', 'x-amz-content-sha256': said } = request.headers;
  const isOurs = authorization.startsWith(`AWS4-HMAC-SHA256 Credential=${fakeS3Keys.accessKeyId}/`);
  return isOurs && (said === 'UNSIGNED-PAYLOAD' || said === createHash('sha256').update(body).digest('hex'));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function tagOf(data: Buffer): string {
  return `"${createHash('md5').update(data).digest('hex')}"`;
}

function xml(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
}

function problem(response: ServerResponse, status: number, code: string, isHead = false): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(isHead ? undefined : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
