import {
  type ClaimTask,
  type Clock,
  hasCome,
  type Instant,
  instantIn,
  rateWindowMs,
  type TaskRow,
} from '@wfm/workflow-engine/ports';
import { storageUnavailable } from '../storage-errors.ts';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';
import type { Place, PlacesDoc } from './store-documents.ts';

type Limit = ClaimTask['limits'][string];

/** How old a place without its task is before it counts as left behind. */
const leftBehindMs = 30_000;

/** Whether a provider is at its limits. */
export async function loadOf(
  context: MongoContext,
  clock: Clock,
  provider: string,
  limit: Limit | undefined,
): Promise<{ busy: boolean; rated: boolean }> {
  if (!limit) return { busy: false, rated: false };
  return loadIn(await readPlaces(context, provider), clock, limit);
}

function loadIn({ places, starts }: PlacesDoc, clock: Clock, limit: Limit): { busy: boolean; rated: boolean } {
  const recent = starts.filter(({ time }) => isRecent(time, clock)).length;
  return {
    busy: places.length >= limit.atOnce,
    rated: limit.perMinute !== undefined && recent >= limit.perMinute,
  };
}

/** Takes a place for a task that is about to be claimed, and notes its start; false when the limits allow neither. */
export function takePlace(
  context: MongoContext,
  clock: Clock,
  task: TaskRow,
  wish: { limit: Limit | undefined; place: boolean; start: boolean },
): Promise<boolean> {
  const { limit, place, start } = wish;
  const taken = { task_id: task.task_id, run_id: task.workflow_run_id, fence: task.fence + 1, time: instantIn(clock) };
  return changePlaces(context, task.provider, (doc) => {
    // A rival for the same task writes the same: there is one place for whoever of them gets the task.
    const places = doc.places.filter(({ task_id }) => task_id !== task.task_id);
    const starts = doc.starts.filter(({ time, ...by }) => isRecent(time, clock) && !isOf(by, taken));
    if (limit) {
      const { busy, rated } = loadIn({ ...doc, places, starts }, clock, limit);
      if ((place && busy) || (start && rated)) return null;
    }
    return { places: place ? [...places, taken] : doc.places, starts: start ? [...starts, taken] : starts };
  });
}

/** Frees the place that the task's lease up to this fence took, or takes back its start, or both; a later one's stay. */
export async function freePlace(
  context: MongoContext,
  row: TaskRow,
  what: { place?: boolean; start?: boolean } = { place: true },
): Promise<void> {
  const gone = (place: Place) => place.task_id === row.task_id && place.fence <= row.fence;
  await changePlaces(context, row.provider, ({ places, starts }) => ({
    places: what.place ? places.filter((place) => !gone(place)) : places,
    starts: what.start ? starts.filter((start) => !isOf(start, row)) : starts,
  }));
}

export async function hasPlace(context: MongoContext, row: TaskRow): Promise<boolean> {
  const { places } = await readPlaces(context, row.provider);
  return places.some((place) => isOf(place, row));
}

/** Frees what no task takes up any longer. */
export async function sweepPlaces(context: MongoContext, clock: Clock): Promise<void> {
  const docs = await context.connection.collection('task_places').find({}).toArray();
  for (const doc of docs) {
    const left = new Set<Place>();
    for (const place of doc.places) if (await isLeft(context, clock, place)) left.add(place);
    if (left.size === 0) continue;
    const key = ({ task_id, fence }: Place) => `${task_id} ${fence}`;
    const keys = new Set([...left].map(key));
    await changePlaces(context, doc._id, ({ places, starts }) => ({
      places: places.filter((place) => !keys.has(key(place))),
      starts,
    }));
  }
}

async function isLeft({ connection }: MongoContext, clock: Clock, place: Place): Promise<boolean> {
  const task = await connection
    .collection('tasks')
    .findOne({ task_id: place.task_id }, { projection: { holds: 1, fence: 1 } });
  if (task?.holds) return false;
  if (task && place.fence <= task.fence) return true;
  return hasCome(laterBy(place.time, leftBehindMs), clock);
}

/** Changes the document of a provider in one go; false when `change` answers null. */
async function changePlaces(
  context: MongoContext,
  provider: string,
  change: (doc: PlacesDoc) => Pick<PlacesDoc, 'places' | 'starts'> | null,
): Promise<boolean> {
  const all = context.connection.collection('task_places');
  return context.locks.run(JSON.stringify(['places', provider]), async () => {
    for (let tries = 0; tries < 200; tries += 1) {
      const doc = await readPlaces(context, provider);
      const changed = change(doc);
      if (!changed) return false;
      if (doc.rev > 0) {
        const next = { ...changed, rev: doc.rev + 1 };
        const { matchedCount } = await all.replaceOne({ _id: provider, rev: doc.rev }, next);
        if (matchedCount === 1) return true;
      } else {
        try {
          await all.insertOne({ _id: provider, rev: 1, ...changed });
          return true;
        } catch (error) {
          if (!isDuplicate(error)) throw error;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
    }
    throw storageUnavailable('The queue is being changed all the time. Try again.');
  });
}

async function readPlaces({ connection }: MongoContext, provider: string): Promise<PlacesDoc> {
  const doc = await connection.collection('task_places').findOne({ _id: provider });
  return doc ?? { _id: provider, rev: 0, places: [], starts: [] };
}

function isOf(place: Omit<Place, 'time'>, { task_id, fence }: Pick<Place, 'task_id' | 'fence'>): boolean {
  return place.task_id === task_id && place.fence === fence;
}

function isRecent(time: Instant, clock: Clock): boolean {
  return !hasCome(laterBy(time, rateWindowMs), clock);
}

function laterBy(time: Instant, ms: number): Instant {
  return { ...time, at: new Date(Date.parse(time.at) + ms).toISOString(), ms: time.ms + ms };
}
