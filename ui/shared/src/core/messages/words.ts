/** The same keys with any texts. */
export type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
