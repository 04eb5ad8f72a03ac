import type { z } from 'zod';

/** Gives an input or output its title and its one line of description: the inspector's form and the docs show both. */
export function field<T extends z.ZodType>(schema: T, title: string, description: string): T {
  return schema.meta({ title, description });
}
