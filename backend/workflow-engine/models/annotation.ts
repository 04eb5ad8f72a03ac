import { z } from 'zod';

/** What an addon says about one item of a question (format.md 16): shown beside the item, never part of its data. */
export const annotationSchema = z.object({
  /** Id of the addon. */
  source: z.string(),
  badge: z.string().optional(),
  /** One of the tones of the display language (format.md 18.2). */
  tone: z.string().optional(),
  /** Any other colour, as its author wrote it. */
  color: z.string().optional(),
  note: z.string().optional(),
  /** The highest gives the item its tone, absent counting as 0; all badges show. */
  priority: z.number().optional(),
});
export type Annotation = z.infer<typeof annotationSchema>;

/** By the JSON of the item's path: `["mains",1]`. */
export type Annotations = Record<string, Annotation[]>;
