import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { GenerationRow } from '../ports/media-store.ts';
import { collectPages } from './collect-pages.ts';
import { expectCode } from './expect-code.ts';
import { sampleContent, sampleGeneration } from './media-samples.ts';
import { startSample } from './run-samples.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

const completedAt = '2026-01-01T00:00:02.000Z';

/** Records of generated media: made once, ended once, gone with their run (format.md 15.4). */
export function mediaStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: media`, () => {
    const current = useDatabase(setup);
    const runs = () => current().database.runs;
    const media = () => current().database.media;

    test('15.4 a record is made once; under a known id the first one is answered', async () => {
      const { runId } = await startSample(runs());
      const generation = sampleGeneration({ runId });
      expect(await media().create({ generation })).toEqual(generation);
      expect(await media().create({ generation: { ...generation, provider: 'other' } })).toEqual(generation);
      expect(await media().find({ metadataId: generation.metadata_id })).toEqual({ generation, contents: [] });
      expect(await media().find({ metadataId: v7() })).toBeNull();
      await expectCode(media().create({ generation: sampleGeneration({ runId: v7() }) }), 'run_not_found');
    });

    test('15.5 the end of a record keeps its contents in one go, in order of their index', async () => {
      const { runId } = await startSample(runs());
      const generation = await media().create({ generation: sampleGeneration({ runId }) });
      const second = sampleContent(generation, { index: 1 });
      const first = sampleContent(generation, { index: 0, preview_content_id: second.content_id });
      const cost = { amount: '0.04', unit: 'USD' } as const;
      const ended = await media().finish({
        metadataId: generation.metadata_id,
        status: 'completed',
        vendorJobId: 'job-1',
        responseData: { id: 'job-1' },
        cost,
        completedAt,
        contents: [second, first],
      });
      expect(ended).toEqual({
        generation: {
          ...generation,
          status: 'completed',
          vendor_job_id: 'job-1',
          response_data: { id: 'job-1' },
          cost,
          completed_at: completedAt,
        },
        contents: [first, second],
      });
      expect(await media().find({ metadataId: generation.metadata_id })).toEqual(ended);
      expect(await media().content({ runId, contentId: second.content_id })).toEqual(second);
      await expectCode(
        media().finish({ metadataId: v7(), status: 'failed', completedAt, contents: [] }),
        'content_not_found',
      );
    });

    test('21 one that has ended stays as it is, however often and with whatever the work is repeated', async () => {
      const { runId } = await startSample(runs());
      const generation = await media().create({ generation: sampleGeneration({ runId }) });
      const { metadata_id: metadataId } = generation;
      const content = sampleContent(generation);
      const ended = await media().finish({ metadataId, status: 'completed', completedAt, contents: [content] });
      const again = { metadataId, completedAt: '2027-01-01T00:00:00.000Z', contents: [sampleContent(generation)] };
      expect(await media().finish({ ...again, status: 'completed' })).toEqual(ended);
      expect(await media().finish({ ...again, status: 'failed' })).toEqual(ended);
      expect(await media().create({ generation })).toEqual(ended.generation);
      expect(await media().totals({ runId })).toMatchObject({ generations: 1, contents: 1 });
    });

    test('15.4 two that end a record at once leave one end', async () => {
      const { runId } = await startSample(runs());
      const generation = await media().create({ generation: sampleGeneration({ runId }) });
      const ends = await Promise.all(
        [1, 2, 3].map((seed) =>
          media().finish({
            metadataId: generation.metadata_id,
            status: 'completed',
            completedAt,
            contents: [sampleContent(generation, { seed })],
          }),
        ),
      );
      expect(ends[1]).toEqual(ends[0]);
      expect(ends[2]).toEqual(ends[0]);
      expect(await media().totals({ runId })).toMatchObject({ contents: 1 });
    });

    test('15.4 a failure keeps its error, as stored', async () => {
      const { runId } = await startSample(runs());
      const generation = await media().create({ generation: sampleGeneration({ runId }) });
      const error = {
        code: 'provider_failed',
        params: { provider: 'local' },
        title: 'The provider failed',
        message: 'It said no.',
        transient: false,
      } as const;
      await media().finish({
        metadataId: generation.metadata_id,
        status: 'failed',
        error,
        completedAt,
        contents: [],
      });
      const found = await media().find({ metadataId: generation.metadata_id });
      expect(found?.generation).toEqual({ ...generation, status: 'failed', error, completed_at: completedAt });
    });

    test('15.4 records page oldest first, of a run or of one of its questions', async () => {
      const { runId } = await startSample(runs());
      const other = await startSample(runs());
      const made: GenerationRow[] = [];
      for (const interactionId of ['i1', 'i2', null, 'i1', 'i1']) {
        made.push(await media().create({ generation: sampleGeneration({ runId, interactionId }) }));
        await media().create({ generation: sampleGeneration({ runId: other.runId, interactionId }) });
      }
      const ids = async (limit: number, interactionId?: string) => {
        const all = await collectPages((page) => media().list({ runId, interactionId, ...page }), limit);
        return all.map(({ generation }) => generation.metadata_id);
      };
      for (const limit of [1, 2, 5, 9]) {
        expect(await ids(limit)).toEqual(made.map(({ metadata_id }) => metadata_id));
        expect(await ids(limit, 'i1')).toEqual([0, 3, 4].map((index) => made[index]?.metadata_id));
      }
      expect(await ids(5, 'i3')).toEqual([]);
      await expectCode(media().list({ runId, limit: 1, cursor: 'x' }), 'request_invalid');
    });

    test('15.4 a content is found in its own run only', async () => {
      const { runId } = await startSample(runs());
      const other = await startSample(runs());
      const generation = await media().create({ generation: sampleGeneration({ runId }) });
      const content = sampleContent(generation);
      await media().finish({
        metadataId: generation.metadata_id,
        status: 'completed',
        completedAt,
        contents: [content],
      });
      expect(await media().content({ runId, contentId: content.content_id })).toEqual(content);
      expect(await media().content({ runId: other.runId, contentId: content.content_id })).toBeNull();
      expect(await media().content({ runId, contentId: v7() })).toBeNull();
    });

    test('totals add up what a run has made, takes up and has cost; credits count where their worth is known', async () => {
      const { runId } = await startSample(runs());
      const costs = [
        { amount: '0.1', unit: 'USD' },
        { amount: '0.2', unit: 'USD' },
        { amount: '10', unit: 'credits', usd_per_unit: '0.002' },
        { amount: '5', unit: 'credits' },
        null,
      ] as const;
      for (const cost of costs) {
        const generation = await media().create({ generation: sampleGeneration({ runId }) });
        await media().finish({
          metadataId: generation.metadata_id,
          status: 'completed',
          cost,
          completedAt,
          contents: [sampleContent(generation, { bytes: 7 }), sampleContent(generation, { bytes: 3, index: 1 })],
        });
      }
      expect(await media().totals({ runId })).toEqual({ generations: 5, contents: 10, bytes: 50, usd: 0.32 });
      const empty = await startSample(runs());
      const nothing = { generations: 0, contents: 0, bytes: 0, usd: 0 };
      expect(await media().totals({ runId: empty.runId })).toEqual(nothing);
    });

    test('R22 records and contents go with their run and with its child runs', async () => {
      const { runId } = await startSample(runs());
      const child = await startSample(runs(), { parent_run_id: runId });
      const kept = await startSample(runs());
      const made = [];
      for (const id of [runId, child.runId, kept.runId]) {
        const generation = await media().create({ generation: sampleGeneration({ runId: id }) });
        const content = sampleContent(generation);
        await media().finish({
          metadataId: generation.metadata_id,
          status: 'completed',
          completedAt,
          contents: [content],
        });
        made.push({ runId: id, metadataId: generation.metadata_id, contentId: content.content_id });
      }
      await runs().delete({ runId });
      for (const [index, one] of made.entries()) {
        const isKept = index === 2;
        expect((await media().find(one)) !== null).toBe(isKept);
        expect((await media().content(one)) !== null).toBe(isKept);
        expect((await media().list({ ...one, limit: 9 })).items).toHaveLength(isKept ? 1 : 0);
      }
    });
  });
}
