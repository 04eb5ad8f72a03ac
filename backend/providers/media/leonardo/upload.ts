import { isWfmError } from '@wfm/workflow-engine/errors';
import type { HttpClient, MediaContext, MediaInput } from '@wfm/workflow-engine/ports';
import { callVendor, faultContextOf, type VendorSite } from '../support/vendor-call.ts';
import { providerFault } from '../support/vendor-fault.ts';
import { uploadSchema } from './wire.ts';

const extensions: Record<string, string> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' };
const uploadMs = 60_000;

/**
 * Puts a picture where Leonardo finds it and gives its id. Two steps (docs.leonardo.ai, "How to upload an image using
 * a presigned URL"): ask for a form, then send it with the file to the storage that it names. That address comes out
 * of a reply, so it is reached by the client that keeps private networks out, without our key, and the form's fields
 * go before the file, as S3 demands. Throws the faults of a provider; nothing is billed.
 */
export async function uploadPicture(
  site: VendorSite,
  http: HttpClient,
  input: MediaInput,
  context: MediaContext,
): Promise<string> {
  const extension = extensions[input.mime] ?? 'png';
  const asked = await callVendor(
    site,
    { method: 'POST', path: '/v1/init-image', json: { extension } },
    uploadSchema,
    context,
  );
  const { id, url, fields } = asked.uploadInitImage;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const bytes = new Uint8Array(await input.read());
  form.append('file', new Blob([bytes], { type: input.mime }), `source.${extension}`);
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type') ?? 'multipart/form-data';
  await sendForm(site, http, url, contentType, new Uint8Array(await encoded.arrayBuffer()), context);
  return id;
}

async function sendForm(
  site: VendorSite,
  http: HttpClient,
  url: string,
  contentType: string,
  body: Uint8Array,
  context: MediaContext,
): Promise<void> {
  const started = performance.now();
  let status: number | null = null;
  let error: unknown = null;
  try {
    const reply = await http.fetch({
      url,
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
      timeoutMs: uploadMs,
      maxBytes: 64 * 1024,
      signal: context.signal,
    });
    ({ status } = reply);
  } catch (thrown) {
    error = isWfmError(thrown) ? { code: thrown.code, message: thrown.message } : { code: 'aborted' };
    if (!isWfmError(thrown) || thrown.code === 'url_refused') throw thrown;
    throw uploadFault(site, context, `The upload of the picture to ${site.title} broke off.`, thrown.transient);
  } finally {
    context.recordCall({
      target: `POST ${new URL(url).host}`,
      request: { bytes: body.byteLength },
      reply: status === null ? null : { status },
      error,
      duration_ms: Math.round(performance.now() - started),
    });
  }
  if (status < 200 || status > 299) {
    const message = `${site.title} did not take the picture (status ${status}).`;
    throw uploadFault(site, context, message, status >= 500 || status === 429, status);
  }
}

function uploadFault(site: VendorSite, context: MediaContext, message: string, transient: boolean, status?: number) {
  const params = status === undefined ? {} : { status };
  return providerFault('provider_failed', message, 'upload', faultContextOf(site, context), { transient, params });
}
