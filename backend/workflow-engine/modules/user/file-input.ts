import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import type { InteractionAnswer, InteractionRequest } from '../../models/interaction.ts';
import { limits } from '../../models/limits.ts';
import { field } from '../field.ts';
import { defineModule, type Intake, type ModuleContext } from '../module.ts';
import {
  extensionOf,
  fileFailure,
  normalExtensions,
  readDataUrl,
  toDataUrl,
  typeFailure,
} from './support/answer-file.ts';
import { departureOf, legacyRetryOptions, legacyRetryOptionsSchema } from './support/legacy-retry-options.ts';
import { isSignedExtension, smallestBytes, sniffType } from './support/sniff-type.ts';

type FileRequest = Extract<InteractionRequest, { interaction_type: 'file_input' }>;
type Context = ModuleContext<'content'>;

/** The largest file that a data URL in the outputs may hold: base64 is a third longer, and outputs end at 4 MB. */
const largestOutput = Math.floor(limits.moduleValueBytes * 0.7);
/** One transparent pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const userFileInput = defineModule({
  id: 'user.file_input',
  kind: 'interactive',
  revision: 1,
  title: 'File input',
  description: 'Asks a person for a file.',
  ports: ['content'],
  inputs: z.object({
    prompt: field(z.string(), 'Question', 'What the person is asked.'),
    extensions: field(
      z.array(z.string()).default([]),
      'Extensions',
      'Accepted file types, such as .png; empty accepts all.',
    ),
    retry_trigger_keyword: field(z.string().default('r'), 'Retry keyword', 'An answer equal to it asks for a retry.'),
    retry_options: field(legacyRetryOptionsSchema.default({}), 'Retry menu', 'The older menu of places to go back to.'),
  }),
  outputs: z.object({
    value: field(z.string(), 'File', 'The file as a data URL; over 2.8 MB its upload id, upload:….'),
    filename: field(z.string(), 'File name', 'The name that the person’s file had.'),
    jump_back_requested: field(
      z.boolean().default(false),
      'Jump',
      'Always false here: a jump leaves on another branch.',
    ),
    jump_back_target: field(z.string().nullable().default(null), 'Jump target', 'Where the jump went.'),
  }),
  request: (given) => ({
    draft: {
      interaction_type: 'file_input',
      title: given.prompt,
      extensions: normalExtensions(given.extensions),
      max_bytes: limits.answerFileBytes,
      extra_options: legacyRetryOptions(given.retry_options),
      context: { retry_trigger_keyword: given.retry_trigger_keyword },
    },
  }),
  async intake(answer, question, context): Promise<Intake> {
    const request = question.request as FileRequest;
    const { value } = answer;
    const departure = departureOf(answer, request);
    if (departure) return { response: {}, failures: [], warnings: [], departure };
    if (typeof value !== 'string' || value === '') {
      const message = 'This question is answered with a file: a data URL, or upload: and the id of an upload.';
      throw new WfmError('response_invalid', message, { place: 'response.value' });
    }
    if (value.startsWith('upload:')) return intakeUpload(value, answer, request, context);
    if (/^data:/i.test(value)) return intakeInline(value, answer, request);
    throw new WfmError(
      'file_path_refused',
      'A path is not taken as a file: send the file itself, or upload it first.',
      {
        place: 'response.value',
      },
    );
  },
  async complete(response, _given, _question, context) {
    const { value, filename, mime, bytes } = response as {
      value: string;
      filename: string;
      mime: string;
      bytes: number;
    };
    if (!value.startsWith('upload:') || bytes > largestOutput) return { value, filename };
    const { data } = await findUpload(value, context);
    return { value: toDataUrl(mime, data), filename };
  },
  sample(question): InteractionAnswer {
    const { extensions } = question.request as FileRequest;
    const image = extensions.length === 0 || extensions.includes('.png');
    if (image) return { value: `data:image/png;base64,${pixel}`, filename: 'sample.png' };
    const extension = extensions.find((accepted) => !isSignedExtension(accepted)) ?? extensions[0] ?? '.txt';
    return { value: toDataUrl('text/plain', smallestBytes(extension)), filename: `sample${extension}` };
  },
});

function intakeInline(value: string, answer: InteractionAnswer, request: FileRequest): Intake {
  // Four characters of base64 are three bytes: a size known before anything is decoded.
  if (value.length > (limits.inlineAnswerFileBytes * 4) / 3 + 500)
    return tooLarge(Math.floor((value.length * 3) / 4), limits.inlineAnswerFileBytes);
  const { mime, data } = readDataUrl(value);
  if (data.length > limits.inlineAnswerFileBytes) return tooLarge(data.length, limits.inlineAnswerFileBytes);
  const kind = sniffType(data);
  const actual = kind?.mime ?? mime;
  const filename = fileName(answer.filename, actual, kind?.extensions[0]);
  const failure = typeFailure(data, filename, request.extensions);
  return {
    response: { value: toDataUrl(actual, data), filename, mime: actual, bytes: data.length },
    failures: failure ? [failure] : [],
    warnings: [],
  };
}

async function intakeUpload(
  value: string,
  answer: InteractionAnswer,
  request: FileRequest,
  context: Context,
): Promise<Intake> {
  const { upload, data } = await findUpload(value, context);
  if (data.length > limits.answerFileBytes) return tooLarge(data.length, limits.answerFileBytes);
  const kind = sniffType(data);
  const mime = kind?.mime ?? upload.mime;
  const filename = fileName(answer.filename, mime, kind?.extensions[0]);
  const failure = typeFailure(data, filename, request.extensions);
  // An upload is kept for an hour: what is small enough moves into the answer and stays with the run.
  const kept = data.length <= limits.inlineAnswerFileBytes ? toDataUrl(mime, data) : value;
  return {
    response: { value: kept, filename, mime, bytes: data.length },
    failures: failure ? [failure] : [],
    warnings: [],
  };
}

async function findUpload(value: string, context: Context) {
  const uploadId = value.slice('upload:'.length);
  const found = await context.ports.content.getUpload({ uploadId, userId: context.userId, now: context.now });
  if (found?.upload.purpose === 'answer') return found;
  throw new WfmError('file_not_found', 'There is no such upload, or it is over an hour old: upload the file again.', {
    place: 'response.value',
  });
}

function tooLarge(actual: number, limit: number): Intake {
  const advice =
    limit === limits.inlineAnswerFileBytes
      ? ' Inside an answer; a larger file is uploaded first, which a preview cannot do.'
      : '';
  const message = `The file has about ${Math.ceil(actual / 1024)} KB; at most ${Math.floor(limit / 1024)} KB are accepted.${advice}`;
  return { response: {}, failures: [fileFailure('file_too_large', message, { limit, actual })], warnings: [] };
}

/** The last part of the name that came, without control characters; else a name made from the type. */
function fileName(given: string | undefined, mime: string, extension: string | undefined): string {
  const base =
    (given ?? '')
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\p{Cc}/gu, '')
      .trim() ?? '';
  if (base !== '' && base !== '.' && base !== '..') return base.slice(0, 255);
  const fallback = mime === 'text/plain' ? '.txt' : extensionOf(`x.${mime.split('/')[1] ?? 'bin'}`);
  return `file${extension ?? fallback}`;
}
