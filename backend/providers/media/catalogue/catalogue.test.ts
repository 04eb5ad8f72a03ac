import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import { checkSchema, validateAgainst } from '@wfm/workflow-engine/schema';
import { checkParams } from '../support/check-params.ts';
import { findModel } from '../support/check-request.ts';
import { blackForestLabsCatalogue } from './black-forest-labs.ts';
import { deepgramCatalogue } from './deepgram.ts';
import { elevenLabsSpeechCatalogue } from './elevenlabs-speech.ts';
import type { MediaEntry } from './entry.ts';
import { estimateByTable } from './estimate.ts';
import { falCatalogue } from './fal.ts';
import { googleCatalogue } from './google.ts';
import { lumaCatalogue } from './luma.ts';
import { openaiCatalogue } from './openai.ts';
import { replicateCatalogue } from './replicate.ts';
import { sampleMetadata } from './sample-metadata.ts';

const catalogues = [
  openaiCatalogue,
  googleCatalogue,
  falCatalogue,
  replicateCatalogue,
  lumaCatalogue,
  blackForestLabsCatalogue,
  elevenLabsSpeechCatalogue,
  deepgramCatalogue,
];
const entries = catalogues.flatMap((catalogue) => catalogue.models.map((entry) => ({ catalogue, entry })));
const today = new Date('2026-11-22T12:00:00Z');

const propertiesOf = (entry: MediaEntry) => (entry.params['properties'] ?? {}) as Record<string, JsonObject>;

describe('15.1 the catalogue', () => {
  test.each(entries.map(({ catalogue, entry }) => [`${catalogue.id} ${entry.action} ${entry.id}`, entry] as const))(
    '%s: its schema is sound and its defaults fit',
    (_name, entry) => {
      checkSchema(entry.params);
      expect(validateAgainst(entry.params, checkParams(entry, {}))).toEqual([]);
      for (const [name, property] of Object.entries(propertiesOf(entry))) {
        expect([name, property['title']]).toEqual([name, expect.any(String)]);
        if (property['type'] === 'string') expect(property['maxLength']).toBeGreaterThan(0);
      }
      // A parameter that the catalogue speaks of must be one.
      for (const named of [...(entry.asText ?? []), ...(entry.price?.times ?? []).map(({ param }) => param)])
        expect(propertiesOf(entry)).toHaveProperty(named);
      for (const size of Object.values(entry.sizes ?? {})) expect(size).toMatch(/^\d{3,4}x\d{3,4}$/);
      const ratios = propertiesOf(entry)['aspect_ratio']?.['enum'];
      if (entry.sizes !== undefined && Array.isArray(ratios))
        expect(ratios.filter((ratio) => ratio !== 'auto')).toEqual(Object.keys(entry.sizes));
    },
  );

  test('a model whose day has come cannot be chosen, not by name and not by default', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...entries),
        fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
        ({ catalogue, entry }, now) => {
          const offer = { ...catalogue, models: catalogue.models };
          const gone = entry.retiresOn !== undefined && now.toISOString().slice(0, 10) >= entry.retiresOn;
          if (gone) {
            expect(() => findModel(offer, entry.action, entry.id, now)).toThrow(entry.replacedBy ?? '');
            expect(sampleMetadata(offer, entry.action, now)['models']).not.toContainEqual(
              expect.objectContaining({ key: entry.id }),
            );
          } else expect(findModel(offer, entry.action, entry.id, now)).toBe(entry);
          const chosen = findModel(offer, entry.action, null, now);
          expect(chosen.retiresOn === undefined || now.toISOString().slice(0, 10) < chosen.retiresOn).toBe(true);
        },
      ),
    );
  });

  test('what replaces a model is there, does the same, and does not retire with it', () => {
    for (const { catalogue, entry } of entries.filter(({ entry: each }) => each.retiresOn !== undefined)) {
      const next = catalogue.models.find(({ id, action }) => id === entry.replacedBy && action === entry.action);
      expect(next).toBeDefined();
      expect(next?.retiresOn).toBeUndefined();
    }
  });

  test("OpenAI's video is gone: and says so", () => {
    for (const action of ['txt2vid', 'img2vid'] as const) {
      expect(() => findModel(openaiCatalogue, action, null, today)).toThrow(/2026-09-24/);
    }
  });
});

describe('estimates', () => {
  const amount = (entry: MediaEntry, params: JsonObject, prompt = 'a lake') => {
    const { cost, basis, as_of } = estimateByTable(entry, prompt, checkParams(entry, params), '2026-11-22');
    expect([basis, as_of]).toEqual(cost === null ? ['unknown', undefined] : ['table', '2026-11-22']);
    return cost === null ? null : Number(cost.amount);
  };
  const priced = entries.filter(({ entry }) => entry.price !== undefined && entry.retiresOn === undefined);

  /** Two values of a parameter, the second no smaller. */
  const twoOf = (property: JsonObject): fc.Arbitrary<[number, number]> => {
    const { enum: values, minimum, maximum, multipleOf } = property;
    const step = typeof multipleOf === 'number' ? multipleOf : 1;
    const one = Array.isArray(values)
      ? fc.constantFrom(...(values as number[]))
      : fc.integer({ min: Number(minimum) / step, max: Number(maximum) / step }).map((value) => value * step);
    return fc.tuple(one, one).map(([a, b]) => (a <= b ? [a, b] : [b, a]));
  };

  test.each(['num_images', 'duration', 'width', 'height'])('do not shrink as %s grows', (name) => {
    const having = priced.filter(({ entry }) => isJsonObject(propertiesOf(entry)[name]));
    expect(having.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(
        fc
          .constantFrom(...having)
          .chain(({ entry }) => twoOf(propertiesOf(entry)[name]!).map(([less, more]) => ({ entry, less, more }))),
        ({ entry, less, more }) => {
          expect(amount(entry, { [name]: less })).toBeLessThanOrEqual(amount(entry, { [name]: more })!);
        },
      ),
    );
  });

  test('do not shrink with the pixels of an aspect ratio', () => {
    for (const { entry } of priced.filter(({ entry: each }) => each.sizes !== undefined)) {
      const pixels = (size: string) => size.split('x').reduce((product, side) => product * Number(side), 1);
      const ratios = Object.entries(entry.sizes ?? {}).toSorted(([, a], [, b]) => pixels(a) - pixels(b));
      const amounts = ratios.map(([ratio]) => amount(entry, { aspect_ratio: ratio })!);
      expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
    }
  });

  test('of speech grow with the words; an unknown price is no price, and not 0', () => {
    const speech = openaiCatalogue.models.find(({ id }) => id === 'tts-1')!;
    expect(amount(speech, {}, 'x'.repeat(4000))).toBeCloseTo(0.06);
    const unpriced = openaiCatalogue.models.find(({ id }) => id === 'gpt-image-2.6-sunburst')!;
    expect(amount(unpriced, {})).toBeNull();
  });
});

describe('15.3 what forms offer', () => {
  test('openai: models, aspect_ratio, quality, num_images, background, output_format', () => {
    const metadata = sampleMetadata(openaiCatalogue, 'txt2img', today);
    for (const name of ['models', 'aspect_ratio', 'quality', 'num_images', 'background', 'output_format'])
      expect([name, metadata[name]]).toEqual([name, expect.arrayContaining([expect.anything()])]);
    expect(metadata['num_images']).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(metadata['models']).toContainEqual({ key: 'gpt-image-2', label: 'GPT Image 2' });
    expect(JSON.stringify(metadata['models'])).not.toContain('"gpt-image-1"');
  });
});

describe('15.2 what models are asked to write', () => {
  test('openai txt2img: prompt and camera_notes; speech: prompt and style_notes', () => {
    expect(Object.keys(openaiCatalogue.promptSchemas.txt2img!['properties'] as object)).toEqual([
      'prompt',
      'camera_notes',
    ]);
    for (const catalogue of catalogues)
      for (const schema of Object.values(catalogue.promptSchemas)) {
        checkSchema(schema);
        expect(schema['required']).toEqual(Object.keys(schema['properties'] as object));
        expect(schema['additionalProperties']).toBe(false);
      }
  });
});
